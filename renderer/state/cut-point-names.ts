import { useMemo } from "react";
import { cutPointName } from "../../shared/presentation/graph/blocks.ts";
import type { GraphNetwork } from "../../shared/presentation/graph/graph-network.ts";
import { currentNetworks, useNetworks } from "./current-graph.ts";

type CutPointNames = (tensor: string, member?: string) => string;

/** Names a cut point within its network: the backbone if no member's SHA-256 is given. */
export function useCutPointNames(): CutPointNames {
  const networks = useNetworks();
  return useMemo(() => namedIn(networks), [networks]);
}

export function currentCutPointNames(): CutPointNames {
  return namedIn(currentNetworks());
}

function namedIn(networks: readonly GraphNetwork[]): CutPointNames {
  return (tensor, member) => {
    const network = networks.find((candidate) => candidate.member === member);
    if (!network) return tensor;
    return tensor === network.summary.output.name ? "its output" : cutPointName(network.blocks, tensor);
  };
}
