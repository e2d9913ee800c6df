import { useCallback } from "react";
import type { Block } from "../../shared/presentation/blocks.ts";
import { useBlocks } from "./current-graph.ts";

/**
 * A cut point as it is called everywhere: by the block of the graph that it ends, with its number where several
 * blocks go by one name; by its tensor if it ends none.
 */
export function cutPointName(blocks: readonly Pick<Block, "label" | "cutPoint">[], tensor: string): string {
  const block = blocks.find(({ cutPoint }) => cutPoint?.tensor === tensor);
  if (!block?.cutPoint) return tensor;
  const isUnique = blocks.every(({ label }, index) => label !== block.label || blocks[index] === block);
  return isUnique ? block.label : `${block.label} (${block.cutPoint.index + 1})`;
}

export function useCutPointNames(): (tensor: string) => string {
  const blocks = useBlocks();
  return useCallback((tensor) => cutPointName(blocks, tensor), [blocks]);
}
