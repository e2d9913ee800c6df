import { blockId, operatorId } from "./element-ids.ts";
import {
  givenShapes,
  type OperatorLayout,
  operatorGraphOf,
  operatorHeight,
  outside,
  type Point,
} from "./operator-graph.ts";
import { roundedPath, smoothPath } from "./paths.ts";
import { type Box, middleOf, type OperatorLine, type PlacedBlock, type PlacedOperator } from "./scene.ts";

/** Height of an expanded block's title, px. */
export const frameTitle = 22;
export const framePadding = 16;

/** High enough for the operators on both sides of the block's line, which is in its middle on a whole pixel, px. */
export function frameHeight({ height, trunk }: OperatorLayout): number {
  return 2 * Math.ceil(Math.max(frameTitle + trunk, height - trunk + framePadding));
}

/** Upper end of the operators: the last one continues the line on which the block stands. */
function topOf(at: PlacedBlock, { trunk }: OperatorLayout): number {
  return middleOf(at) - trunk;
}

/** An expanded block's operators; none of a collapsed one. */
export function operatorsOf(at: PlacedBlock, layout: OperatorLayout | undefined): readonly PlacedOperator[] {
  if (!layout) return [];
  const { widths } = operatorGraphOf(at.block);
  const shapes = givenShapes(at.block);
  return at.block.nodes.map((node, index) => ({
    node,
    cost: at.block.costs[index],
    block: at.block,
    isOn: at.isOn,
    gives: shapes[index],
    width: widths[index],
    height: operatorHeight,
    x: Math.round(at.x + framePadding + layout.positions[index].x),
    y: Math.round(topOf(at, layout) + layout.positions[index].y),
  }));
}

/** The edges between them. */
export function linesOf(at: PlacedBlock, layout: OperatorLayout | undefined): readonly OperatorLine[] {
  if (!layout) return [];
  const operators = operatorsOf(at, layout);
  const frame = blockId(at.block);
  const name = (index: number) =>
    index === outside ? frame : operatorId(at.block.member, operators[index].node.name);
  const corner = { x: at.x + framePadding, y: topOf(at, layout) };
  return operatorGraphOf(at.block).edges.map(([from, to], edge) => {
    const start = from === outside ? { x: at.x, y: middleOf(at) } : rightOf(operators[from]);
    const end = to === outside ? { x: at.x + at.width, y: middleOf(at) } : leftOf(operators[to]);
    const bends = layout.bends[edge].map(({ x, y }) => ({ x: x + corner.x, y: y + corner.y }));
    return {
      id: `${frame} ${edge}`,
      from: name(from),
      to: name(to),
      path: operatorPath(at, layout, [from, to], start, bends, end),
    };
  });
}

function rightOf({ x, y, width, height }: Box): Point {
  return { x: x + width, y: y + height / 2 };
}

function leftOf({ x, y, height }: Box): Point {
  return { x, y: y + height / 2 };
}

function operatorPath(
  frame: Box,
  layout: OperatorLayout,
  [from, to]: readonly [number, number],
  start: Point,
  bends: readonly Point[],
  end: Point,
): string {
  const [left, right] = [frame.x + 7, frame.x + frame.width - 7];
  const folded = layout.rowBottoms.length > 1;
  if (folded && from === outside)
    return roundedPath([start, { x: left, y: start.y }, { x: left, y: end.y }, end], 5);
  if (folded && to === outside)
    return roundedPath([start, { x: right, y: start.y }, { x: right, y: end.y }, end], 5);
  if (folded && layout.rowOf[from] !== layout.rowOf[to]) {
    const between = middleOf(frame) - layout.trunk + layout.rowBottoms[layout.rowOf[from]] + 12;
    return roundedPath(
      [
        start,
        { x: start.x + 9, y: start.y },
        { x: start.x + 9, y: between },
        { x: left, y: between },
        { x: left, y: end.y },
        end,
      ],
      5,
    );
  }
  return smoothPath([start, ...bends, end]);
}
