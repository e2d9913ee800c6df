import { memo, useDeferredValue, useMemo } from "react";
import { formatCount, formatPercent } from "../../../shared/base/format-number.ts";
import type { Routing } from "../../../shared/evaluate/evaluate-plan.ts";
import type { PlanExit } from "../../../shared/model/plan.ts";
import { useLive } from "../../state/live-store.ts";
import { useProject } from "../../state/project-store.ts";
import { useRemembered } from "../../state/settings-store.ts";
import textStyles from "../../ui/text.module.css";
import { predictedAt, useExitRow } from "../pieces/exit-row.ts";
import { Section } from "../pieces/Section.tsx";
import styles from "./ClassSection.module.css";
import {
  type ClassOrder,
  type ClassShare,
  classOrders,
  classShares,
  sortClassShares,
} from "./class-shares.ts";
import { OrderSelect } from "./OrderSelect.tsx";
import { ScrolledRows } from "./ScrolledRows.tsx";

const rowHeight = 24;

type Props = { readonly index: number } & Pick<PlanExit, "member" | "cutPoint" | "head" | "policy">;

/** What leaves here, class by class. */
export const ClassSection = memo(function ClassSection({ index, ...exit }: Props) {
  const { table, row } = useExitRow(exit);
  // A drag takes priority over this list.
  const routing = useDeferredValue(useLive((state) => state.routing));
  const classNames = useProject(({ project }) => project?.data?.classNames);
  const count = useProject(({ project }) => project?.backbone.output.classes ?? 0);
  const [order, setOrder] = useRemembered<ClassOrder>("inspector.classOrder", "most leave");
  const classes = table && row !== undefined ? (table.labels ?? predictedAt({ table, row })) : undefined;
  return (
    <Section id="exit.classes" title="By class" note={`${formatCount(count)} classes`}>
      {classes && routing ? (
        <>
          <OrderSelect orders={classOrders} order={order} onChoose={setOrder} />
          {!table?.labels && (
            <p className={textStyles.note}>
              The project was made without the samples' classes: these are the classes that the exit takes
              them for.
            </p>
          )}
          <ClassList
            classes={classes}
            routing={routing}
            exit={index}
            count={count}
            order={order}
            classNames={classNames ?? []}
          />
        </>
      ) : (
        <p className={textStyles.note}>
          The confidence table came without classes. Calibrating the heads again adds them.
        </p>
      )}
    </Section>
  );
});

const ClassList = memo(function ClassList({
  classes,
  routing,
  exit,
  count,
  order,
  classNames,
}: {
  readonly classes: Int32Array;
  readonly routing: Routing;
  readonly exit: number;
  readonly count: number;
  readonly order: ClassOrder;
  readonly classNames: readonly string[];
}) {
  const shares = useMemo(
    () => sortClassShares(classShares(classes, routing, exit, count), order),
    [classes, routing, exit, count, order],
  );
  return (
    <div>
      <div className={styles.head} aria-hidden>
        <span>class</span>
        <span>leaves here</span>
        <span>right</span>
      </div>
      <ScrolledRows label="Classes" count={shares.length} height={rowHeight}>
        {(index) => (
          <ClassRow
            share={shares[index]}
            name={classNames[shares[index].index] ?? `class ${shares[index].index}`}
          />
        )}
      </ScrolledRows>
    </div>
  );
});

function ClassRow({
  share: { samples, leaves, right },
  name,
}: {
  readonly share: ClassShare;
  readonly name: string;
}) {
  const percent = (count: number) => `${(100 * count) / Math.max(1, samples)}%`;
  const title = `${name}: ${formatCount(leaves)} of ${formatCount(samples)} leave here, ${formatCount(right)} of them rightly`;
  return (
    <div className={styles.row} title={title}>
      <bdi className={textStyles.line}>{name}</bdi>
      <span className={styles.bar}>
        <span className={styles.right} style={{ width: percent(right) }} />
        <span className={styles.wrong} style={{ width: percent(leaves - right) }} />
      </span>
      <span>{samples > 0 ? formatPercent(leaves / samples, 0) : "–"}</span>
      <span>{leaves > 0 ? formatPercent(right / leaves) : "–"}</span>
    </div>
  );
}
