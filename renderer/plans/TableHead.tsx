import { ArrowDown, ArrowUp } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { filterText, readFilter, signOf } from "../../shared/presentation/plans/column-filter.ts";
import type { PlanColumn } from "../../shared/presentation/plans/plan-columns.ts";
import { changeBrush, useChart } from "../state/chart-store.ts";
import { seriesColumn } from "../state/shown-plans.ts";
import controlStyles from "../ui/control.module.css";
import styles from "./PlansTable.module.css";
import { nextSorting, type Sorting } from "./sort-plans.ts";

interface HeadProps {
  readonly columns: readonly PlanColumn[];
  /** Of the columns, px. */
  readonly widths: readonly number[];
  /** Whether units stand here instead of with each figure. */
  readonly isNarrow: boolean;
  readonly sorting: Sorting;
  readonly isFiltering: boolean;
  onSort(sorting: Sorting): void;
  /** Puts a column where another one stands. */
  onMove(id: string, target: string): void;
}

/** Headings that sort and are moved, and below them what each column is filtered by. */
export function TableHead({ columns, widths, isNarrow, sorting, isFiltering, onSort, onMove }: HeadProps) {
  const drag = useColumnDrag(onMove);
  const moveBy = (index: number, by: number) => {
    const target = columns[index + by];
    if (target) onMove(columns[index].id, target.id);
  };
  return (
    <thead>
      <tr aria-rowindex={1} {...drag.handlers}>
        <th scope="col" aria-sort={sortOf(seriesColumn, sorting)}>
          <HeadButton
            id={seriesColumn}
            title="Series"
            description="Who found the plan"
            sorting={sorting}
            onSort={onSort}
          />
        </th>
        {columns.map((column, index) => (
          <th
            key={column.id}
            className={`${column.isText ? styles.words : ""} ${drag.over === column.id ? styles.target : ""}`}
            style={{ width: widths[index] }}
            scope="col"
            data-column={column.id}
            aria-sort={sortOf(column.id, sorting)}
          >
            <HeadButton
              id={column.id}
              title={column.title}
              description={`${column.description}. Drag, or Alt and an arrow key, moves the column.`}
              column={column}
              unit={isNarrow ? column.brief?.unit : undefined}
              sorting={sorting}
              onSort={(next) => !drag.hasMoved() && onSort(next)}
              onStep={(by) => moveBy(index, by)}
            />
          </th>
        ))}
      </tr>
      {isFiltering && (
        <tr className={styles.filters}>
          <th>
            <WordsFilter id={seriesColumn} title="Series" />
          </th>
          {columns.map((column) => (
            <th key={column.id} className={column.isText ? styles.words : ""}>
              {column.isText ? (
                <WordsFilter id={column.id} title={column.fullTitle} />
              ) : (
                <RangeFilter column={column} />
              )}
            </th>
          ))}
        </tr>
      )}
    </thead>
  );
}

function sortOf(id: string, { column, falling }: Sorting): "ascending" | "descending" | "none" {
  if (column !== id) return "none";
  return falling ? "descending" : "ascending";
}

interface HeadButtonProps {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly column?: PlanColumn;
  /** Below the title. */
  readonly unit?: string;
  readonly sorting: Sorting;
  onSort(sorting: Sorting): void;
  /** Moves the column by so many places. */
  onStep?(by: number): void;
}

function HeadButton({ id, title, description, column, unit, sorting, onSort, onStep }: HeadButtonProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.altKey ? { ArrowLeft: -1, ArrowRight: 1 }[event.key] : undefined;
    if (by === undefined || !onStep) return;
    event.preventDefault();
    onStep(by);
  };
  const Arrow = sorting.falling ? ArrowDown : ArrowUp;
  return (
    <button
      type="button"
      title={description}
      onClick={() => onSort(nextSorting(sorting, column, id))}
      onKeyDown={onKeyDown}
    >
      {sorting.column === id && <Arrow size={11} />}
      <span>
        {title}
        {unit && <small className={styles.unit}>{unit}</small>}
      </span>
    </button>
  );
}

/** How far a press on a heading may move and still sort, px. */
const clickTolerance = 5;

/** Headings of a row that are dragged onto each other. */
function useColumnDrag(onMove: (id: string, target: string) => void) {
  const press = useRef<{ readonly id: string; readonly left: number } | null>(null);
  const moved = useRef(false);
  const [over, setOver] = useState<string | null>(null);
  const end = () => {
    press.current = null;
    setOver(null);
  };
  return {
    over,
    /** Whether the last press was a drag, which doesn't sort. */
    hasMoved: () => moved.current,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        const id = event.button === 0 ? columnUnder(event) : null;
        press.current = id === null ? null : { id, left: event.clientX };
        moved.current = false;
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        if (!press.current) return;
        if (event.buttons === 0) end();
        else if (moved.current || Math.abs(event.clientX - press.current.left) >= clickTolerance) {
          // Not before: a press that is caught at once would never reach the heading's button.
          event.currentTarget.setPointerCapture(event.pointerId);
          moved.current = true;
          setOver(columnUnder(event));
        }
      },
      onPointerUp: (event: PointerEvent<HTMLElement>) => {
        const target = columnUnder(event);
        if (press.current && moved.current && target) onMove(press.current.id, target);
        end();
      },
      onPointerCancel: end,
    },
  };
}

function columnUnder({ clientX, clientY }: PointerEvent): string | null {
  const heading = document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>("th[data-column]");
  return heading?.dataset.column ?? null;
}

/** What a figure has to be: `< 0.5`, `0.5..1`. */
function RangeFilter({ column }: { readonly column: PlanColumn }) {
  const { id, fullTitle, better } = column;
  const range = useChart(({ brush }) => brush.ranges.get(id));
  // What was written stays as it is for as long as it says what the plans are narrowed to.
  const [draft, setDraft] = useState("");
  const read = readFilter(draft, column);
  const saysIt = range ? read?.[0] === range[0] && read[1] === range[1] : draft === "" || read === null;
  const shown = saysIt ? draft : range ? filterText(range, column) : "";
  const write = (text: string) => {
    setDraft(text);
    const next = readFilter(text, column);
    changeBrush(({ ranges }) => ({ ranges: changed(ranges, id, next) }));
  };
  return (
    <input
      className={`${controlStyles.field} ${styles.filter}`}
      aria-label={`Filter ${fullTitle}`}
      aria-invalid={shown !== "" && readFilter(shown, column) === null}
      title={`${fullTitle}: such as ${signOf(better)} 1, > 1, 1..2`}
      placeholder={signOf(better)}
      value={shown}
      onChange={({ target }) => write(target.value)}
      onKeyDown={(event) => clearOnEscape(event, () => write(""))}
    />
  );
}

/** Words that a name has to have. */
function WordsFilter({ id, title }: { readonly id: string; readonly title: string }) {
  const words = useChart(({ brush }) => brush.words.get(id)) ?? "";
  const write = (text: string) =>
    changeBrush((brush) => ({ words: changed(brush.words, id, text.trim() === "" ? null : text) }));
  return (
    <input
      className={`${controlStyles.field} ${styles.filter}`}
      aria-label={`Filter ${title}`}
      title={`${title}: words that it has to have`}
      placeholder="has"
      value={words}
      onChange={({ target }) => write(target.value)}
      onKeyDown={(event) => clearOnEscape(event, () => write(""))}
    />
  );
}

function clearOnEscape(event: KeyboardEvent, clear: () => void): void {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  clear();
}

function changed<Value>(map: ReadonlyMap<string, Value>, id: string, value: Value | null) {
  const next = new Map(map);
  if (value === null) next.delete(id);
  else next.set(id, value);
  return next;
}
