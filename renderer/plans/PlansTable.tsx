import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, type RefObject, useEffect, useMemo, useRef } from "react";
import { isSamePlan, planKey } from "../../shared/model/plan.ts";
import type { BackbonePoint } from "../../shared/presentation/plans/backbone-point.ts";
import type { PlanColumn } from "../../shared/presentation/plans/plan-columns.ts";
import type { PlanRow } from "../../shared/presentation/plans/plan-rows.ts";
import { markOfPlan, type Series, seriesName } from "../../shared/presentation/plans/series.ts";
import { isColumnShown } from "../../shared/presentation/plans/table-columns.ts";
import { useChart } from "../state/chart-store.ts";
import { livePlanOf, takePlan, useDesign } from "../state/design-store.ts";
import { useBackbone, usePlans } from "../state/plan-store.ts";
import { useRemembered } from "../state/settings-store.ts";
import { useShownPlans } from "../state/shown-plans.ts";
import { hover, useView } from "../state/view-store.ts";
import layoutStyles from "../ui/layout.module.css";
import { InlineMark } from "../ui/MarkShape.tsx";
import { textMeasure } from "../ui/measure-text.ts";
import textStyles from "../ui/text.module.css";
import { useSize } from "../ui/use-size.ts";
import { useColumnChoice } from "./column-choice.ts";
import { columnFormat, columnWidth, tableWidth } from "./column-widths.ts";
import styles from "./PlansTable.module.css";
import { type Sorting, sortRows } from "./sort-plans.ts";
import { TableFooter } from "./TableFooter.tsx";
import { TableHead } from "./TableHead.tsx";

const rowHeight = 24;
const headHeight = 28;

/** Where there is less room than this, marks alone say who found a plan, and headings say the units, px. */
const narrowWidth = 520;

type Rows = Virtualizer<HTMLDivElement, Element>;

/** Every plan that the brushes leave, one a row whoever found it; only rows in sight are in the document. */
export function PlansTable() {
  const backbone = useBackbone();
  const series = usePlans((state) => state.series);
  const { rows: unsorted, allRows } = useShownPlans();
  const { columns, choice, change } = useColumnChoice();
  const [sorting, setSorting] = useRemembered<Sorting>("plans.sorting", { column: "series", falling: false });
  const [isFiltering, setFiltering] = useRemembered("plans.filters", false);
  const rows = useMemo(() => {
    const column = columns.find(({ id }) => id === sorting.column);
    return sortRows(unsorted, column, sorting.falling, backbone);
  }, [unsorted, columns, sorting, backbone]);
  const indexOf = useMemo(() => new Map(rows.map(({ key }, index) => [key, index])), [rows]);
  const shown = useMemo(() => columns.filter((column) => isColumnShown(column, choice)), [columns, choice]);
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = (useSize(scroller)?.width ?? narrowWidth) < narrowWidth;
  // Of the heading that is sorted by, which is the boldest.
  const measure = useMemo(
    () => textMeasure(`600 ${getComputedStyle(document.body).getPropertyValue("--text-s")}`),
    [],
  );
  const ids = shown.map(({ id }) => id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: not with every step of a limit that is dragged, which no width follows
  const widths = useMemo(
    () => shown.map((column) => columnWidth(column, unsorted, backbone, measure, isNarrow)),
    [ids, unsorted, backbone, measure, isNarrow],
  );
  const virtual: Rows = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: isFiltering ? 2 * headHeight : headHeight,
  });
  useLiveRowInSight(virtual, indexOf, scroller, sorting);
  const hovered = useView((state) => state.hovered);
  const seriesById = useMemo(() => new Map(series.map((one) => [one.id, one])), [series]);
  const cursor = (hovered && indexOf.get(planKey(hovered))) ?? -1;
  const active = cursor >= 0 ? `plan-row-${cursor}` : undefined;

  const step = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (by !== undefined && rows.length > 0) {
      const from = cursor < 0 ? (liveIndex(indexOf) ?? -Math.sign(by)) : cursor;
      const next = Math.min(rows.length - 1, Math.max(0, from + by));
      hover(rows[next].plan);
      virtual.scrollToIndex(next);
    } else if (event.key === "Enter" && cursor >= 0) takePlan(rows[cursor].plan);
    else if (event.key === "Escape") hover(null);
    else return;
    event.preventDefault();
  };

  const inSight = virtual.getVirtualItems();
  const before = inSight[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (inSight.at(-1)?.end ?? 0);
  return (
    <div className={layoutStyles.fill}>
      <div ref={scroller} className={styles.scroller}>
        <table
          className={isNarrow ? `${styles.table} ${styles.narrow}` : styles.table}
          style={{ minWidth: tableWidth(widths, isNarrow) }}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows are chosen is a grid
          role="grid"
          aria-label="Plans"
          aria-rowcount={rows.length + 1}
          aria-activedescendant={active}
          tabIndex={0}
          data-pane-entry
          onKeyDown={step}
          onMouseLeave={() => hover(null)}
        >
          <TableHead
            columns={shown}
            widths={widths}
            isNarrow={isNarrow}
            sorting={sorting}
            isFiltering={isFiltering}
            onSort={setSorting}
            onMove={(id, target) => change.move(id, target)}
          />
          <tbody>
            <Spacer height={before} />
            {inSight.map(({ index }) => (
              <Row
                key={rows[index].key}
                index={index}
                row={rows[index]}
                series={seriesById}
                columns={shown}
                backbone={backbone}
                isNarrow={isNarrow}
                isHovered={index === cursor}
              />
            ))}
            <Spacer height={after} />
          </tbody>
        </table>
      </div>
      <TableFooter
        shown={rows.length}
        all={allRows}
        isFiltering={isFiltering}
        onFilter={() => setFiltering(!isFiltering)}
      />
    </div>
  );
}

function liveIndex(indexOf: ReadonlyMap<string, number>): number | undefined {
  return indexOf.get(planKey(livePlanOf(useDesign.getState())));
}

/** The table opens at the live plan's row and follows it, looks for it when it is narrowed, and begins at its beginning when sorted anew. */
function useLiveRowInSight(
  virtual: Rows,
  indexOf: ReadonlyMap<string, number>,
  scroller: RefObject<HTMLDivElement | null>,
  sorting: Sorting,
): void {
  const isOpen = useRef(false);
  useEffect(() => {
    // Figures, and with them rows, come in slices.
    const index = isOpen.current ? undefined : liveIndex(indexOf);
    if (index === undefined) return;
    isOpen.current = true;
    virtual.scrollToIndex(index, { align: "center" });
  }, [virtual, indexOf]);
  const brush = useChart((chart) => chart.brush);
  const narrowed = useRef(brush);
  useEffect(() => {
    if (narrowed.current === brush) return;
    narrowed.current = brush;
    virtual.scrollToIndex(liveIndex(indexOf) ?? 0, { align: "center" });
  }, [virtual, indexOf, brush]);
  const sorted = useRef(sorting);
  useEffect(() => {
    if (sorted.current !== sorting) scroller.current?.scrollTo({ top: 0 });
    sorted.current = sorting;
  }, [scroller, sorting]);
  useEffect(
    () =>
      useDesign.subscribe((design, before) => {
        if (isSamePlan(livePlanOf(design), livePlanOf(before))) return;
        const index = liveIndex(indexOf);
        if (index !== undefined) virtual.scrollToIndex(index);
      }),
    [virtual, indexOf],
  );
}

/** Stands for the rows that are out of sight. */
function Spacer({ height }: { readonly height: number }) {
  return height > 0 ? <tr style={{ height }} /> : null;
}

interface RowProps {
  readonly index: number;
  readonly row: PlanRow;
  readonly series: ReadonlyMap<string, Series>;
  readonly columns: readonly PlanColumn[];
  readonly backbone: BackbonePoint;
  readonly isNarrow: boolean;
  readonly isHovered: boolean;
}

const Row = memo(function Row({ index, row, series, columns, backbone, isNarrow, isHovered }: RowProps) {
  const { plan } = row;
  const isLive = useDesign((design) => isSamePlan(plan, livePlanOf(design)));
  const finders = row.series.flatMap((id) => series.get(id) ?? []);
  const names = finders.map(seriesName).join(", ");
  return (
    <tr
      id={`plan-row-${index}`}
      className={isLive ? styles.live : isHovered ? styles.hovered : undefined}
      aria-rowindex={index + 2}
      aria-selected={isLive}
      onMouseEnter={() => hover(plan)}
      onClick={() => takePlan(plan)}
    >
      <td title={finders.length > 1 ? `Found by ${names}` : names}>
        <span className={styles.name}>
          {isLive && <b className={styles.you}>you</b>}
          {finders.map((one) => (
            <InlineMark key={one.id} mark={markOfPlan(one, plan)} area={plan.chain ? 28 : 36} />
          ))}
          <span className={isNarrow || finders.length > 1 ? "visually-hidden" : textStyles.line}>
            {names}
          </span>
        </span>
      </td>
      {columns.map((column) => {
        const value = column.of(plan.figures, backbone, plan);
        return (
          <td
            key={column.id}
            className={column.isText ? styles.words : undefined}
            title={column.isText ? column.format(value) : undefined}
          >
            {columnFormat(column, isNarrow)(value)}
          </td>
        );
      })}
    </tr>
  );
});
