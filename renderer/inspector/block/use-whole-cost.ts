import { useMemo } from "react";
import { memberProfile } from "../../../shared/model/profile.ts";
import { useNetwork } from "../../state/current-graph.ts";
import { useTargetProfile } from "../../state/target-profile.ts";
import type { WholeCost } from "./cost-facts.ts";

/** What a network costs, on the chosen target: the backbone if no further one is named. */
export function useWholeCost(member?: string): WholeCost {
  const network = useNetwork(member);
  const profile = useTargetProfile();
  return useMemo(() => {
    const timed =
      profile && network?.member !== undefined ? memberProfile(profile, network.summary) : undefined;
    const ofNodes = profile?.nodes.reduce((sum, { meanMs }) => sum + meanMs, 0);
    return {
      name: network?.member === undefined ? "the backbone" : network.name,
      macs: network?.summary.macs ?? 0,
      parameters: network?.summary.parameters ?? 0,
      latencyMs: network?.member === undefined ? ofNodes : timed?.backbone.meanMs,
      timesOperators: network?.member === undefined,
    };
  }, [network, profile]);
}
