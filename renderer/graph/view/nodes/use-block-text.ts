import type { Block } from "../../../../shared/presentation/graph/blocks.ts";
import { useBlocks } from "../../../state/current-graph.ts";
import { blockText } from "../../geometry/item-labels.ts";
import { useOfNetwork } from "../use-of-network.ts";

export function useBlockText(block: Block, expanded: boolean): string {
  const count = useBlocks(block.member).length;
  return blockText(block, count, expanded, useOfNetwork(block.member));
}
