import { foldColumns } from "./fold-columns.ts";
import {
  fullWidths,
  type OperatorGraph,
  type OperatorLayout,
  operatorHeight,
  outside,
} from "./operator-graph.ts";

const gapAcross = 10;
const gapAlong = 22;

/**
 * Columns by the longest path from the left, without dagre: drawn at once where dagre is too slow or the worker is gone.
 */
export function layoutInColumns(graph: OperatorGraph): OperatorLayout {
  const columns = longestWays(graph);
  const filled = new Map<number, number>();
  const widest = Math.max(0, ...fullWidths(graph));
  const corners = columns.map((column) => {
    const row = filled.get(column) ?? 0;
    filled.set(column, row + 1);
    return { x: column * (widest + gapAlong), y: row * (operatorHeight + gapAcross) };
  });
  return foldColumns(
    graph,
    corners,
    graph.edges.map(() => []),
  );
}

/** Number of operators before each one on the longest path to it. Edges that close a cycle are ignored. */
function longestWays({ widths, edges }: OperatorGraph): readonly number[] {
  const columns = new Array<number>(widths.length).fill(0);
  const waitsFor = new Array<number>(widths.length).fill(0);
  const readers = widths.map((): number[] => []);
  for (const [from, to] of edges)
    if (from !== outside && to !== outside) {
      readers[from].push(to);
      waitsFor[to]++;
    }
  const ready = columns.flatMap((_, index) => (waitsFor[index] === 0 ? [index] : []));
  for (const node of ready)
    for (const reader of readers[node]) {
      columns[reader] = Math.max(columns[reader], columns[node] + 1);
      if (--waitsFor[reader] === 0) ready.push(reader);
    }
  return columns;
}
