import { Graph, layout } from "@dagrejs/dagre";
import { foldColumns } from "./fold-columns.ts";
import {
  fullWidths,
  type OperatorGraph,
  type OperatorLayout,
  operatorHeight,
  outside,
  type Point,
} from "./operator-graph.ts";

const gapAcross = 10;
const gapAlong = 22;

/** Layers the operators left to right; long rows are folded. Meant for the worker: a thousand operators take a while. */
export function layoutOperators(graph: OperatorGraph): OperatorLayout {
  const drawing = new Graph({ multigraph: true });
  drawing.setGraph({ rankdir: "LR", nodesep: gapAcross, ranksep: gapAlong });
  drawing.setDefaultEdgeLabel(() => ({}));
  const [left, right] = ["left", "right"];
  const widths = fullWidths(graph);
  widths.forEach((width, index) => {
    drawing.setNode(String(index), { width, height: operatorHeight });
  });
  if (graph.edges.some(([from]) => from === outside)) drawing.setNode(left, { width: 1, height: 1 });
  if (graph.edges.some(([, to]) => to === outside)) drawing.setNode(right, { width: 1, height: 1 });
  graph.edges.forEach(([from, to], index) => {
    drawing.setEdge(
      from === outside ? left : String(from),
      to === outside ? right : String(to),
      {},
      String(index),
    );
  });
  layout(drawing);
  const corners = widths.map((width, index) => {
    const { x, y } = drawing.node(String(index)) as Point;
    return { x: x - width / 2, y: y - operatorHeight / 2 };
  });
  const bends = new Array<readonly Point[]>(graph.edges.length);
  for (const edge of drawing.edges()) {
    const { points } = drawing.edge(edge) as { points: readonly Point[] };
    // The first and the last point lie on the operators' borders.
    bends[Number(edge.name)] = points.slice(1, -1).map(({ x, y }) => ({ x, y }));
  }
  return foldColumns(graph, corners, bends);
}
