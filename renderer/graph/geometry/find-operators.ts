import type { GraphNode } from "../../../shared/model/backbone.ts";
import type { Block } from "../../../shared/presentation/graph/blocks.ts";

export interface Match {
  readonly block: Block;
  readonly node: GraphNode;
}

/** Operators whose name, type or tensors hold the query, whatever its case, in the order of the blocks. */
export function findOperators(blocks: readonly Block[], query: string): readonly Match[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return [];
  const fits = (text: string) => text.toLowerCase().includes(wanted);
  return blocks.flatMap((block) =>
    block.nodes
      .filter(
        ({ name, operator, inputs, outputs }) =>
          fits(name) || fits(operator) || inputs.some(fits) || outputs.some((output) => fits(output.name)),
      )
      .map((node) => ({ block, node })),
  );
}
