import type { Block } from "../../../shared/presentation/graph/blocks.ts";
import { operatorLabel } from "./operator-label.ts";
import { sampleShape } from "./sample-shape.ts";

export const operatorHeight = 26;

/** Where an edge comes from or goes to outside the block: the block's left or right side. */
export const outside = -1;

/** A block's operators as the layout sees them; plain data, so that it can go to a worker. */
export interface OperatorGraph {
  /** Width of each operator, px. */
  readonly widths: readonly number[];
  /** Room to the right of each for the shape that it gives, px; 0 where none is said. */
  readonly rooms: readonly number[];
  /** From operator to operator, by index; `outside` stands for what comes in on the left and goes out on the right. */
  readonly edges: readonly (readonly [from: number, to: number])[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Of the operators with the room for their shapes, px. */
export function fullWidths({ widths, rooms }: Pick<OperatorGraph, "widths" | "rooms">): readonly number[] {
  return widths.map((width, index) => width + rooms[index]);
}

/** Positions in px from the block's upper left corner. */
export interface OperatorLayout {
  readonly width: number;
  readonly height: number;
  /** Upper left corner of each operator. */
  readonly positions: readonly Point[];
  /** Row of each operator, if they are folded; 0 if not. */
  readonly rowOf: readonly number[];
  /** Lower end of each row. */
  readonly rowBottoms: readonly number[];
  /** Height at which the block's own line passes, so that its last operator continues it; the middle of folded rows. */
  readonly trunk: number;
  /** Bends of each edge between its ends; empty where it runs straight. */
  readonly bends: readonly (readonly Point[])[];
}

export function operatorGraphOf(block: Block): OperatorGraph {
  const { nodes, cutPoint } = block;
  const makers = new Map<string, number>();
  nodes.forEach((node, index) => {
    for (const { name } of node.outputs) makers.set(name, index);
  });
  const edges: [number, number][] = [];
  nodes.forEach(({ inputs }, index) => {
    for (const from of new Set(inputs.map((input) => makers.get(input) ?? outside)))
      edges.push([from, index]);
  });
  const shapes = givenShapes(block);
  const read = new Set(edges.map(([from]) => from));
  nodes.forEach(({ outputs }, index) => {
    const leaves = cutPoint
      ? outputs.some(({ name }) => name === cutPoint.tensor || name === cutPoint.boundary)
      : !read.has(index);
    if (leaves) edges.push([index, outside]);
  });
  return {
    widths: nodes.map((node) => operatorWidth(operatorLabel(node))),
    rooms: shapes.map(shapeRoom),
    edges,
  };
}

/**
 * Shapes on a block's edges: of each operator what it gives, where that is another shape than what it reads, or nobody in
 * the block says what that is.
 */
export function givenShapes({ nodes }: Pick<Block, "nodes">): readonly (string | undefined)[] {
  const shapes = new Map(
    nodes.flatMap(({ outputs }) => outputs.map(({ name, shape }) => [name, sampleShape(shape)] as const)),
  );
  return nodes.map(({ inputs, outputs: [first] }) => {
    if (!first || first.shape.length === 0) return undefined;
    const given = sampleShape(first.shape);
    return inputs.length > 0 && inputs.every((input) => shapes.get(input) === given) ? undefined : given;
  });
}

/** Of the small print on edges. */
const widthOfLetter = 5.8;

function shapeRoom(shape: string | undefined): number {
  return shape === undefined ? 0 : Math.round(widthOfLetter * shape.length);
}

/** Wide enough for what is written on it up to a length; longer texts are cut off. */
function operatorWidth(label: string): number {
  return Math.round(Math.min(132, Math.max(52, 7.2 * label.length + 20)));
}
