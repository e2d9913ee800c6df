import { useCallback } from "react";
import { cutPointName } from "../../shared/presentation/graph/blocks.ts";
import { useBlocks } from "./current-graph.ts";

export function useCutPointNames(): (tensor: string) => string {
  const blocks = useBlocks();
  return useCallback((tensor) => cutPointName(blocks, tensor), [blocks]);
}
