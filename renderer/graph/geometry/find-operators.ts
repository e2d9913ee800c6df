import type { GraphNode } from "../../../shared/model/backbone.ts";
import type { Block } from "../../../shared/presentation/graph/blocks.ts";

export interface Match {
  readonly block: Block;
  readonly node: GraphNode;
}

/** What of an operator is looked at, the nearest to it first. */
const parts: readonly ((node: GraphNode) => readonly string[])[] = [
  ({ name }) => [name],
  ({ operator }) => [operator],
  ({ outputs }) => outputs.map(({ name }) => name),
  ({ inputs }) => inputs,
];

/**
 * Operators that hold the query, whatever its case: those of that name first, then those of that type, those that make such a
 * tensor, and last those that read one; each kind in the order of the blocks.
 */
export function findOperators(blocks: readonly Block[], query: string): readonly Match[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return [];
  const found = new Map<GraphNode, Match>();
  for (const part of parts)
    for (const block of blocks)
      for (const node of block.nodes)
        if (!found.has(node) && part(node).some((text) => text.toLowerCase().includes(wanted)))
          found.set(node, { block, node });
  return [...found.values()];
}
