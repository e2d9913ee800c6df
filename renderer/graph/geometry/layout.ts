import type { CutPoint, GraphNode } from "../../../shared/model/backbone.ts";
import type { Block, Cost } from "../../../shared/presentation/graph/blocks.ts";
import { type Arrangement, arrangeRows, type Item, type Row, type Size } from "./arrange-rows.ts";
import {
  type OperatorLayout,
  operatorGraphOf,
  operatorHeight,
  outside,
  type Point,
} from "./operator-graph.ts";
import { roundedPath, smoothPath } from "./paths.ts";

export interface Box extends Point, Size {}

const blockSize: Size = { width: 110, height: 38 };
export const inputSize: Size = { width: 88, height: 38 };
const outputSize: Size = { width: 104, height: 38 };
const exitSize: Size = { width: 112, height: 38 };
/** Side of a marker's hit area, px. */
export const markerSize = 24;
/** Height of an expanded block's title, px. */
const frameTitle = 22;

/** Between two blocks; the marker is in its middle. */
const gap = 44;
const terminalGap = 22;
const framePadding = 16;
/** From the middle line to an exit below a collapsed block. */
const exitDrop = 30;
/** From an expanded block to an exit below it. */
const frameDrop = 10;
/** How far a line that changes rows runs out on the right and on the left. */
const turn = 20;

export interface PlacedBlock extends Box {
  readonly block: Block;
  /** Whether its operators are shown. */
  readonly expanded: boolean;
}

export interface PlacedOperator extends Box {
  readonly node: GraphNode;
  readonly cost: Cost;
  readonly block: Block;
}

export interface PlacedCut {
  readonly cut: CutPoint;
  /** Of the marker, on the backbone's line. */
  readonly centre: Point;
  /** Where an exit is drawn if there is one. */
  readonly exit: Box;
  /** From the marker to the exit, SVG path data. */
  readonly branch: string;
}

/** A piece of the backbone's line. */
export interface FlowLine {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly path: string;
  /** Number of cut points before it. */
  readonly part: number;
}

/** An edge between operators of an expanded block. */
export interface OperatorLine {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

/** Where everything of the graph stands, px. */
export interface Scene extends Size {
  readonly input: Box;
  readonly output: Box;
  readonly blocks: readonly PlacedBlock[];
  readonly operators: readonly PlacedOperator[];
  readonly cuts: readonly PlacedCut[];
  readonly flow: readonly FlowLine[];
  readonly lines: readonly OperatorLine[];
}

export const blockId = (index: number) => `block:${index}`;
export const cutId = (index: number) => `cut:${index}`;
export const exitId = (index: number) => `exit:${index}`;
export const operatorId = (name: string) => `operator:${name}`;

/**
 * @param layouts of the expanded blocks, by the block's index
 * @param pane what the graph is drawn in, px
 */
export function layoutGraph(
  blocks: readonly Block[],
  layouts: ReadonlyMap<number, OperatorLayout>,
  pane: Size,
): Scene {
  const sizes = blocks.map(({ index }) => sizeOf(layouts.get(index)));
  const arrangement = arrangeRows(itemsOf(blocks, sizes), pane);
  const boxes = boxesOf(arrangement, [inputSize, ...sizes, outputSize]);
  const placed = blocks.map((block, index) => ({
    ...boxes[index + 1],
    block,
    expanded: layouts.has(block.index),
  }));
  const cuts = placed.flatMap(cutOf);
  return {
    width: arrangement.width,
    height: arrangement.height,
    input: boxes[0],
    output: boxes.at(-1)!,
    blocks: placed,
    operators: placed.flatMap((at) => operatorsOf(at, layouts.get(at.block.index))),
    cuts,
    flow: flowOf(boxes, cuts, arrangement.rows),
    lines: placed.flatMap((at) => linesOf(at, layouts.get(at.block.index))),
  };
}

function sizeOf(layout: OperatorLayout | undefined): Size {
  if (!layout) return blockSize;
  return {
    width: Math.max(blockSize.width, Math.ceil(layout.width) + 2 * framePadding),
    // Even, so that the middle line falls on a whole pixel.
    height: 2 * Math.ceil((layout.height + frameTitle + framePadding) / 2),
  };
}

function itemsOf(blocks: readonly Block[], sizes: readonly Size[]): readonly Item[] {
  const middle = blocks.map(({ cutPoint }, index) => ({
    ...sizes[index],
    gapBefore: index === 0 ? terminalGap : gap,
    tail: cutPoint ? gap / 2 + turn : terminalGap,
    hang: cutPoint ? exitTop(sizes[index]) + exitSize.height : 0,
  }));
  return [
    { ...inputSize, gapBefore: 0, tail: terminalGap, hang: 0 },
    ...middle,
    { ...outputSize, gapBefore: terminalGap, tail: 0, hang: 0 },
  ];
}

/** Of an exit, from the middle line. */
function exitTop({ height }: Size): number {
  return Math.max(exitDrop, height > blockSize.height ? height / 2 + frameDrop : 0);
}

function boxesOf({ rows, lefts }: Arrangement, sizes: readonly Size[]): readonly Box[] {
  return rows.flatMap(({ first, end, middle }) =>
    sizes.slice(first, end).map((size, index) => ({
      ...size,
      x: lefts[first + index],
      y: middle - size.height / 2,
    })),
  );
}

function cutOf(at: PlacedBlock): readonly PlacedCut[] {
  const { cutPoint } = at.block;
  if (!cutPoint) return [];
  const centre = { x: at.x + at.width + gap / 2, y: middleOf(at) };
  const exit = {
    ...exitSize,
    x: centre.x + 10 - exitSize.width,
    y: centre.y + exitTop(at),
  };
  return [{ cut: cutPoint, centre, exit, branch: roundedPath([centre, { x: centre.x, y: exit.y }], 0) }];
}

function middleOf({ y, height }: Box): number {
  return y + height / 2;
}

function flowOf(
  boxes: readonly Box[],
  cuts: readonly PlacedCut[],
  rows: readonly Row[],
): readonly FlowLine[] {
  const rowOf = boxes.map((_, index) => rows.findIndex(({ first, end }) => index >= first && index < end));
  const names = boxes.map((_, index) =>
    index === 0 ? "input" : index === boxes.length - 1 ? "output" : blockId(index - 1),
  );
  const lines: FlowLine[] = [];
  for (let index = 1; index < boxes.length; index++) {
    const before = boxes[index - 1];
    const cut = cuts[index - 2];
    let start = { x: before.x + before.width, y: middleOf(before) };
    let from = names[index - 1];
    if (cut) {
      lines.push({
        id: `${from}>${cutId(index - 2)}`,
        from,
        to: cutId(index - 2),
        path: roundedPath([start, cut.centre], 0),
        part: index - 2,
      });
      start = cut.centre;
      from = cutId(index - 2);
    }
    const end = { x: boxes[index].x, y: middleOf(boxes[index]) };
    lines.push({
      id: `${from}>${names[index]}`,
      from,
      to: names[index],
      path:
        rowOf[index] === rowOf[index - 1]
          ? roundedPath([start, end], 0)
          : nextRowPath(start, end, rows, rowOf[index]),
      part: Math.min(Math.max(0, index - 1), cuts.length),
    });
  }
  return lines;
}

/** Out to the right, back between the rows, and in from the left. */
function nextRowPath(start: Point, end: Point, rows: readonly Row[], row: number): string {
  const between = (rows[row - 1].bottom + rows[row].top) / 2;
  const right = start.x + turn;
  const left = end.x - turn;
  return roundedPath(
    [
      start,
      { x: right, y: start.y },
      { x: right, y: between },
      { x: left, y: between },
      { x: left, y: end.y },
      end,
    ],
    10,
  );
}

function operatorsOf(at: PlacedBlock, layout: OperatorLayout | undefined): readonly PlacedOperator[] {
  if (!layout) return [];
  const { widths } = operatorGraphOf(at.block);
  return at.block.nodes.map((node, index) => ({
    node,
    cost: at.block.costs[index],
    block: at.block,
    width: widths[index],
    height: operatorHeight,
    x: Math.round(at.x + framePadding + layout.positions[index].x),
    y: Math.round(at.y + frameTitle + layout.positions[index].y),
  }));
}

function linesOf(at: PlacedBlock, layout: OperatorLayout | undefined): readonly OperatorLine[] {
  if (!layout) return [];
  const operators = operatorsOf(at, layout);
  const frame = blockId(at.block.index);
  const name = (index: number) => (index === outside ? frame : operatorId(operators[index].node.name));
  const corner = { x: at.x + framePadding, y: at.y + frameTitle };
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
    const between = frame.y + frameTitle + layout.rowBottoms[layout.rowOf[from]] + 12;
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
