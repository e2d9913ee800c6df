import type { Block } from "../../../shared/presentation/graph/blocks.ts";

export const operatorHeight = 26;

/** Where an edge comes from or goes to outside the block: the block's left or right side. */
export const outside = -1;

/** A block's operators as the layout sees them; plain data, so that it can go to a worker. */
export interface OperatorGraph {
  /** Width of each operator, px. */
  readonly widths: readonly number[];
  /** From operator to operator, by index; `outside` stands for what comes in on the left and goes out on the right. */
  readonly edges: readonly (readonly [from: number, to: number])[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
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
  /** Bends of each edge between its ends; empty where it runs straight. */
  readonly bends: readonly (readonly Point[])[];
}

export function operatorGraphOf({ nodes, cutPoint }: Block): OperatorGraph {
  const makers = new Map<string, number>();
  nodes.forEach((node, index) => {
    for (const { name } of node.outputs) makers.set(name, index);
  });
  const edges: [number, number][] = [];
  nodes.forEach(({ inputs }, index) => {
    for (const from of new Set(inputs.map((input) => makers.get(input) ?? outside)))
      edges.push([from, index]);
  });
  const read = new Set(edges.map(([from]) => from));
  nodes.forEach(({ outputs }, index) => {
    const leaves = cutPoint
      ? outputs.some(({ name }) => name === cutPoint.tensor || name === cutPoint.boundary)
      : !read.has(index);
    if (leaves) edges.push([index, outside]);
  });
  return { widths: nodes.map(({ operator }) => operatorWidth(operator)), edges };
}

/** Wide enough for the operator's name up to a length; longer ones are cut off. */
function operatorWidth(operator: string): number {
  return Math.round(Math.min(132, Math.max(52, 6.4 * operator.length + 18)));
}
