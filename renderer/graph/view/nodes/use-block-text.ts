import type { Block } from "../../../../shared/presentation/graph/blocks.ts";
import { useBlocks } from "../../../state/current-graph.ts";
import { useOfNetwork } from "../../../state/of-network.ts";
import { blockText } from "../../geometry/item-labels.ts";

export function useBlockText(block: Block, expanded: boolean): string {
  const count = useBlocks(block.member).length;
  return blockText(block, count, expanded, useOfNetwork(block.member));
}
