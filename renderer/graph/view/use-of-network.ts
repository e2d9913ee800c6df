import { useNetworks } from "../../state/current-graph.ts";
import type { OfNetwork } from "../geometry/item-labels.ts";

/** Tells what belongs to a network, where there are several: ` of resnet20`; empty of a project with one. */
export function useOfNetwork(member: string | undefined): OfNetwork {
  const networks = useNetworks();
  if (networks.length < 2) return "";
  return ` of ${networks.find((network) => network.member === member)?.name ?? "another network"}`;
}
