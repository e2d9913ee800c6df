import { useNetworks } from "./current-graph.ts";

/** Tells what belongs to a network, where there are several: ` of resnet20`; empty of a project with one. */
export function useOfNetwork(member: string | undefined): string {
  const networks = useNetworks();
  if (networks.length < 2) return "";
  return ` of ${networks.find((network) => network.member === member)?.name ?? "another network"}`;
}
