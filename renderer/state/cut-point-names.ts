import { useCallback } from "react";
import { cutPointName } from "../../shared/presentation/graph/blocks.ts";
import { useNetworks } from "./current-graph.ts";

/** Names a cut point within its network: the backbone if no member's SHA-256 is given. */
export function useCutPointNames(): (tensor: string, member?: string) => string {
  const networks = useNetworks();
  return useCallback(
    (tensor, member) => {
      const network = networks.find((candidate) => candidate.member === member);
      if (!network) return tensor;
      return tensor === network.summary.output.name ? "its output" : cutPointName(network.blocks, tensor);
    },
    [networks],
  );
}
