import type { Block } from "../../../../shared/presentation/graph/blocks.ts";
import { useOfNetwork } from "../../../state/of-network.ts";
import { blockText } from "../../geometry/item-labels.ts";

/** What a screen reader says for a block. */
export function useBlockText(block: Block, expanded: boolean): string {
  return blockText(block, expanded, useOfNetwork(block.member));
}
