import { memo, useDeferredValue, useMemo } from "react";
import { formatCount, formatPercent } from "../../../shared/base/format-number.ts";
import type { PlanExit } from "../../../shared/model/plan.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { useProject } from "../../state/project-store.ts";
import { useRemembered } from "../../state/settings-store.ts";
import textStyles from "../../ui/text.module.css";
import { predictedAt, useExitRow } from "../pieces/exit-row.ts";
import { Section } from "../pieces/Section.tsx";
import { type ClassShare, classShares } from "./class-shares.ts";
import {
  type ClassThreshold,
  sortThresholds,
  type ThresholdOrder,
  thresholdOrders,
  thresholdsByClass,
} from "./class-thresholds.ts";
import { OrderSelect } from "./OrderSelect.tsx";
import styles from "./PerClassSection.module.css";
import { ScrolledRows } from "./ScrolledRows.tsx";

const rowHeight = 24;

type Props = { readonly index: number } & Pick<PlanExit, "member" | "cutPoint" | "head" | "policy">;

/** What the exit's one threshold means for each class that it answers; nothing under a policy without such. */
export const PerClassSection = memo(function PerClassSection({ index, ...exit }: Props) {
  const { table, row } = useExitRow(exit);
  // A drag takes priority over this list.
  const threshold = useDeferredValue(useDesign(({ exits }) => exits[index].threshold));
  const routing = useDeferredValue(useLive((state) => state.routing));
  const classNames = useProject(({ project }) => project?.data?.classNames);
  const [order, setOrder] = useRemembered<ThresholdOrder>("inspector.thresholdOrder", "strictest first");
  const own = table && row !== undefined ? { table, row } : undefined;
  const thresholds = own && thresholdsByClass(own, threshold);
  const answers = useMemo(() => table && row !== undefined && predictedAt({ table, row }), [table, row]);
  const shares = useMemo(
    () => answers && routing && classShares(answers, routing, index, thresholds?.length ?? 0),
    [answers, routing, index, thresholds?.length],
  );
  if (!thresholds || !shares) return null;
  const sorted = sortThresholds(thresholds, order);
  return (
    <Section
      id="exit.perClass"
      title="Thresholds per class"
      note={`${formatCount(thresholds.length)} classes`}
    >
      <OrderSelect orders={thresholdOrders} order={order} onChoose={setOrder} />
      <div className={styles.head} aria-hidden>
        <span>taken for</span>
        <span>leaves from</span>
        <span>leaves here</span>
        <span>right</span>
      </div>
      <ScrolledRows label="Thresholds per class" count={sorted.length} height={rowHeight}>
        {(place) => (
          <ThresholdRow
            {...sorted[place]}
            share={shares[sorted[place].index]}
            name={classNames?.[sorted[place].index] ?? `class ${sorted[place].index}`}
          />
        )}
      </ScrolledRows>
    </Section>
  );
});

function ThresholdRow({
  threshold,
  share: { samples, leaves, right },
  name,
}: ClassThreshold & { readonly share: ClassShare; readonly name: string }) {
  const title = `${name}: of ${formatCount(samples)} samples that the exit takes for it, ${formatCount(leaves)} leave here`;
  return (
    <div className={styles.row} title={title}>
      <bdi className={textStyles.line}>{name}</bdi>
      <span>{threshold.toFixed(4)}</span>
      <span>{samples > 0 ? formatPercent(leaves / samples, 0) : "–"}</span>
      <span>{leaves > 0 ? formatPercent(right / leaves) : "–"}</span>
    </div>
  );
}
