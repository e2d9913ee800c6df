import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, Download } from "lucide-react";
import { type KeyboardEvent, memo, useEffect, useMemo, useRef } from "react";
import { formatCount } from "../../shared/base/format-number.ts";
import { isSamePlan } from "../../shared/model/plan.ts";
import type { BackbonePoint } from "../../shared/presentation/plans/backbone-point.ts";
import type { EvaluatedPlan } from "../../shared/presentation/plans/charted-plans.ts";
import { arePartitioned } from "../../shared/presentation/plans/comparison.ts";
import {
  areChained,
  knownColumns,
  networksColumn,
  type PlanColumn,
  partitionColumn,
  tableColumns,
} from "../../shared/presentation/plans/plan-columns.ts";
import { markOfPlan, type Series, seriesName } from "../../shared/presentation/plans/series.ts";
import { designOf } from "../../shared/space/design-space.ts";
import { runCommand } from "../state/commands.ts";
import { livePlanOf, takePlan, useDesign } from "../state/design-store.ts";
import { useOutlookBasis } from "../state/live-outlook.ts";
import { useLive } from "../state/live-store.ts";
import { useNetworkTitles } from "../state/network-titles.ts";
import { useShortPartitionNames } from "../state/partition-names.ts";
import { useBackbone, usePlans } from "../state/plan-store.ts";
import { useRemembered } from "../state/settings-store.ts";
import { useShownPlans } from "../state/shown-plans.ts";
import { hover, useView } from "../state/view-store.ts";
import { IconButton } from "../ui/Button.tsx";
import layoutStyles from "../ui/layout.module.css";
import { InlineMark } from "../ui/MarkShape.tsx";
import textStyles from "../ui/text.module.css";
import { columnsOn } from "./outlook-columns.ts";
import styles from "./PlansTable.module.css";
import { nextSorting, type Sorting, sortPlans } from "./sort-plans.ts";

const rowHeight = 24;
const headHeight = 28;

/** Every plan that the brushes leave, one a row; only rows in sight are in the document. */
export function PlansTable() {
  const backbone = useBackbone();
  const series = usePlans((state) => state.series);
  const { shown, all } = useShownPlans();
  const columns = useColumns(all);
  const [sorting, setSorting] = useRemembered<Sorting>("plans.sorting", { column: "series", falling: false });
  const rows = useMemo(() => {
    const column = columns.find(({ id }) => id === sorting.column);
    return sortPlans(shown, column, sorting.falling, backbone);
  }, [shown, columns, sorting, backbone]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: headHeight,
  });
  const hovered = useView((state) => state.hovered);
  const seriesById = useMemo(() => new Map(series.map((one) => [one.id, one])), [series]);
  const cursor = hovered ? rows.findIndex(({ exits }) => exits === hovered.exits) : -1;
  const active = cursor >= 0 ? `plan-row-${cursor}` : undefined;

  const step = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (by !== undefined && rows.length > 0) {
      const next = Math.min(rows.length - 1, Math.max(0, cursor + by));
      hover(rows[next]);
      virtual.scrollToIndex(next);
    } else if (event.key === "Enter" && cursor >= 0) takePlan(rows[cursor]);
    else if (event.key === "Escape") hover(null);
    else return;
    event.preventDefault();
  };

  // The list is shown from its beginning when it is another one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another order scrolls back
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [sorting]);

  const inSight = virtual.getVirtualItems();
  const before = inSight[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (inSight.at(-1)?.end ?? 0);
  return (
    <div className={layoutStyles.fill}>
      <div ref={scroller} className={styles.scroller}>
        <table
          className={styles.table}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows are chosen is a grid
          role="grid"
          aria-label="Plans"
          aria-rowcount={rows.length + 1}
          aria-activedescendant={active}
          tabIndex={0}
          onKeyDown={step}
          onMouseLeave={() => hover(null)}
        >
          <Head columns={columns} sorting={sorting} onSort={setSorting} />
          <tbody>
            <Spacer height={before} />
            {inSight.map(({ index }) => (
              <Row
                key={rows[index].id}
                index={index}
                plan={rows[index]}
                series={seriesById.get(rows[index].series)}
                columns={columns}
                backbone={backbone}
                isHovered={index === cursor}
              />
            ))}
            <Spacer height={after} />
          </tbody>
        </table>
      </div>
      <div className={styles.footer}>
        {shown.length === all.length
          ? `${formatCount(all.length)} plans`
          : `${formatCount(shown.length)} of ${formatCount(all.length)} plans`}
        <IconButton
          className={styles.export}
          label="Export these plans as CSV…"
          onClick={() => runCommand("plans.exportCsv")}
        >
          <Download size={13} />
        </IconButton>
      </div>
    </div>
  );
}

/** Stands for the rows that are out of sight. */
function Spacer({ height }: { readonly height: number }) {
  return height > 0 ? <tr style={{ height }} /> : null;
}

/**
 * With the networks where any plan goes through others than the backbone, with the partition where any plan has one, else
 * with what is to be expected on new images.
 */
function useColumns(plans: readonly EvaluatedPlan[]): readonly PlanColumn[] {
  const partitionSpaces = useLive((state) => state.partitionSpaces);
  const nameOf = useShortPartitionNames();
  const isPartitioned = arePartitioned(plans);
  const basis = useOutlookBasis();
  const titles = useNetworkTitles();
  const backbone = usePlans((state) => state.backbone);
  return useMemo(() => {
    const networks = areChained(plans) ? [networksColumn(plans, titles)] : [];
    const known = backbone ? knownColumns(tableColumns, plans, backbone) : tableColumns;
    if (!isPartitioned) return [...networks, ...known, ...columnsOn(basis)];
    const places = partitionSpaces.filter(({ partition }) => partition).map(designOf);
    const [exits, ...others] = known;
    return [...networks, exits, partitionColumn(places, nameOf), ...others];
  }, [plans, titles, isPartitioned, partitionSpaces, nameOf, basis, backbone]);
}

const seriesHeading = { id: "series", title: "Series", description: "Where the plan is from" };

interface HeadProps {
  readonly columns: readonly PlanColumn[];
  readonly sorting: Sorting;
  onSort(sorting: Sorting): void;
}

function Head({ columns, sorting, onSort }: HeadProps) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {[seriesHeading, ...columns].map(({ id, title, description }) => {
          const isSorted = sorting.column === id;
          const column = columns.find((candidate) => candidate.id === id);
          return (
            <th
              key={id}
              className={styles[id]}
              scope="col"
              aria-sort={isSorted ? (sorting.falling ? "descending" : "ascending") : "none"}
            >
              <button
                type="button"
                title={description}
                onClick={() => onSort(nextSorting(sorting, column, id))}
              >
                {isSorted && (sorting.falling ? <ArrowDown size={11} /> : <ArrowUp size={11} />)}
                {title}
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

interface RowProps {
  readonly index: number;
  readonly plan: EvaluatedPlan;
  readonly series: Series | undefined;
  readonly columns: readonly PlanColumn[];
  readonly backbone: BackbonePoint;
  readonly isHovered: boolean;
}

const Row = memo(function Row({ index, plan, series, columns, backbone, isHovered }: RowProps) {
  const isLive = useDesign((design) => isSamePlan(plan, livePlanOf(design)));
  return (
    <tr
      id={`plan-row-${index}`}
      className={isLive ? styles.live : isHovered ? styles.hovered : undefined}
      aria-rowindex={index + 2}
      aria-selected={isLive}
      onMouseEnter={() => hover(plan)}
      onClick={() => takePlan(plan)}
    >
      <td>
        <span className={styles.name}>
          {series && <InlineMark mark={markOfPlan(series, plan)} area={plan.chain ? 28 : 36} />}
          <span className={textStyles.line}>{series && seriesName(series)}</span>
          {isLive && <b className={styles.you}>you</b>}
        </span>
      </td>
      {columns.map((column) => {
        const text = column.format(column.of(plan.figures, backbone, plan));
        return (
          <td key={column.id} className={styles[column.id]} title={column.isText ? text : undefined}>
            {text}
          </td>
        );
      })}
    </tr>
  );
});
