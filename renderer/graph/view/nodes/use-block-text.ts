import type { Block } from "../../../../shared/presentation/graph/blocks.ts";
import { blockStateWords, differenceAt } from "../../../../shared/presentation/graph/compare-networks.ts";
import { useDifference } from "../../../state/model-difference.ts";
import { useOfNetwork } from "../../../state/of-network.ts";
import { blockText } from "../../geometry/item-labels.ts";

/** What a screen reader says for a block. */
export function useBlockText(block: Block, expanded: boolean): string {
  const { difference, differing } = useDifference();
  const text = blockText(block, expanded, useOfNetwork(block.member));
  const row = differenceAt(differing, block);
  return row ? `${text}; beside ${difference?.name}: ${blockStateWords[row.state]}` : text;
}
