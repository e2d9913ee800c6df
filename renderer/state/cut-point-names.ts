import { useCallback } from "react";
import { networkOf } from "../../shared/files/project-view.ts";
import type { BackboneSummary } from "../../shared/model/backbone.ts";
import { type Block, cutPointName, divideIntoBlocks } from "../../shared/presentation/graph/blocks.ts";
import { useProject } from "./project-store.ts";

/** Names don't depend on a target, so a network is divided once for them. */
const known = new WeakMap<BackboneSummary, readonly Block[]>();

function blocksOf(network: BackboneSummary): readonly Block[] {
  const blocks = known.get(network) ?? divideIntoBlocks(network);
  known.set(network, blocks);
  return blocks;
}

/** Names a cut point within its network: the backbone if no member's SHA-256 is given. */
export function useCutPointNames(): (tensor: string, member?: string) => string {
  const project = useProject((state) => state.project);
  return useCallback(
    (tensor, member) => {
      const network = project ? networkOf(project, member)?.backbone : undefined;
      if (!network) return tensor;
      return tensor === network.output.name ? "its output" : cutPointName(blocksOf(network), tensor);
    },
    [project],
  );
}
