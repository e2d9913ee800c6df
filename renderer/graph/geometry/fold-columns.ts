import {
  fullWidths,
  type OperatorGraph,
  type OperatorLayout,
  operatorHeight,
  outside,
  type Point,
} from "./operator-graph.ts";

/** Width over height that folding aims at; panes are wide and low. */
const aspect = 2.6;
/** Shorter rows are left as they are, px. */
const minFolded = 1100;
/** Room between two rows for the edges that go from one to the next, px. */
export const rowGap = 36;

interface Column {
  readonly left: number;
  readonly right: number;
  readonly members: readonly number[];
}

/**
 * Breaks a long drawing of columns into rows, like a text into lines, where few edges are cut.
 * @param corners upper left corner of each operator, px
 * @param bends of each edge; those of edges that go from row to row are dropped, as they are drawn around the rows
 */
export function foldColumns(
  graph: OperatorGraph,
  corners: readonly Point[],
  bends: readonly (readonly Point[])[],
): OperatorLayout {
  const columns = columnsOf(graph, corners);
  const starts = rowStarts(graph, columns, heightOf(corners));
  const rowOf = new Array<number>(corners.length).fill(0);
  let row = -1;
  columns.forEach(({ members }, column) => {
    if (starts.has(column)) row++;
    for (const member of members) rowOf[member] = row;
  });
  const shifts = rowShifts(corners, rowOf, row + 1);
  const moved = corners.map(({ x, y }, index) => shift({ x, y }, shifts[rowOf[index]]));
  const movedBends = graph.edges.map(([from, to], edge) => {
    const ends = [from, to].filter((end) => end !== outside).map((end) => rowOf[end]);
    const inOneRow = ends.every((end) => end === ends[0]) && (shifts.length === 1 || ends.length === 2);
    return inOneRow ? bends[edge].map((point) => shift(point, shifts[ends[0]])) : [];
  });
  const rowBottoms = new Array<number>(row + 1).fill(0);
  moved.forEach(({ y }, index) => {
    rowBottoms[rowOf[index]] = Math.max(rowBottoms[rowOf[index]], y + operatorHeight);
  });
  const height = heightOf(moved);
  const widths = fullWidths(graph);
  return {
    trunk: row > 0 ? height / 2 : trunkOf(graph, moved, height),
    width: Math.max(0, ...moved.map(({ x }, index) => x + widths[index])),
    height,
    positions: moved,
    rowOf,
    rowBottoms,
    bends: movedBends,
  };
}

/** Of the operator that goes on behind the block; of several, and of none, the middle. */
function trunkOf({ edges }: OperatorGraph, corners: readonly Point[], height: number): number {
  const last = edges.flatMap(([from, to]) => (to === outside && from !== outside ? [corners[from].y] : []));
  if (last.length === 0) return height / 2;
  return (Math.min(...last) + Math.max(...last) + operatorHeight) / 2;
}

function shift({ x, y }: Point, by: Point): Point {
  return { x: x + by.x, y: y + by.y };
}

function heightOf(corners: readonly Point[]): number {
  const tops = corners.map(({ y }) => y);
  return corners.length === 0 ? 0 : Math.max(...tops) + operatorHeight - Math.min(0, ...tops);
}

/** Operators whose spans along the row overlap, from left to right. */
function columnsOf(graph: OperatorGraph, corners: readonly Point[]): readonly Column[] {
  const widths = fullWidths(graph);
  const byLeft = corners.map((_, index) => index).sort((a, b) => corners[a].x - corners[b].x);
  const columns: { left: number; right: number; members: number[] }[] = [];
  for (const index of byLeft) {
    const [left, right] = [corners[index].x, corners[index].x + widths[index]];
    const last = columns.at(-1);
    if (last && left < last.right) {
      last.members.push(index);
      last.right = Math.max(last.right, right);
    } else columns.push({ left, right, members: [index] });
  }
  return columns;
}

/** Columns that begin a row: near even widths, at the place that the fewest edges cross. */
function rowStarts(graph: OperatorGraph, columns: readonly Column[], height: number): ReadonlySet<number> {
  const starts = new Set([0]);
  if (columns.length === 0) return starts;
  const width = columns.at(-1)!.right - columns[0].left;
  if (width <= minFolded) return starts;
  const rowWidth = Math.max(minFolded, Math.sqrt(width * (height + rowGap) * aspect));
  const crossings = edgesBefore(graph, columns);
  let start = 0;
  while (columns.at(-1)!.right - columns[start].left > 1.2 * rowWidth) {
    const from = columns[start].left;
    let best = -1;
    for (let column = start + 1; column < columns.length; column++) {
      const reach = columns[column - 1].right - from;
      if (reach > 1.1 * rowWidth && best >= 0) break;
      if (reach > 0.8 * rowWidth && (best < 0 || crossings[column] <= crossings[best])) best = column;
    }
    if (best < 0) break;
    starts.add(best);
    start = best;
  }
  return starts;
}

/** Number of edges that cross the line to the left of each column. */
function edgesBefore({ edges }: OperatorGraph, columns: readonly Column[]): readonly number[] {
  const columnOf = new Map(
    columns.flatMap(({ members }, column) => members.map((member) => [member, column])),
  );
  const changes = new Array<number>(columns.length + 1).fill(0);
  for (const [from, to] of edges) {
    if (from === outside || to === outside) continue;
    changes[columnOf.get(from)! + 1]++;
    changes[columnOf.get(to)! + 1]--;
  }
  let open = 0;
  return columns.map((_, column) => {
    open += changes[column];
    return open;
  });
}

function rowShifts(corners: readonly Point[], rowOf: readonly number[], rows: number): readonly Point[] {
  const lefts = new Array<number>(rows).fill(Number.POSITIVE_INFINITY);
  const tops = new Array<number>(rows).fill(Number.POSITIVE_INFINITY);
  const bottoms = new Array<number>(rows).fill(Number.NEGATIVE_INFINITY);
  corners.forEach(({ x, y }, index) => {
    const row = rowOf[index];
    lefts[row] = Math.min(lefts[row], x);
    tops[row] = Math.min(tops[row], y);
    bottoms[row] = Math.max(bottoms[row], y + operatorHeight);
  });
  let y = 0;
  return lefts.map((left, row) => {
    const by = { x: -left, y: y - tops[row] };
    y += bottoms[row] - tops[row] + rowGap;
    return by;
  });
}
