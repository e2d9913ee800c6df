import type { BackboneSummary } from "../../model/backbone.ts";
import type { Block } from "./blocks.ts";

/** One of a project's networks as the graph shows it. */
export interface GraphNetwork {
  readonly sha256: string;
  /** The same as exits of the network have it: absent for the backbone. */
  readonly member?: string;
  /** Short, and unlike those of the project's other networks. */
  readonly name: string;
  readonly summary: BackboneSummary;
  readonly blocks: readonly Block[];
}

/** A network's place among the others. */
export interface ShownNetwork extends GraphNetwork {
  /** Whether the plan goes through it. */
  readonly isOn: boolean;
  /** Whether samples that it doesn't decide go on to another network. */
  readonly isFollowed: boolean;
}

/**
 * Networks as they are shown from top to bottom: those of a chain in its order, then those that it leaves out.
 * @param networks the backbone first
 * @param chain SHA-256 of the networks that a plan goes through; the backbone alone if absent
 */
export function orderNetworks(
  networks: readonly GraphNetwork[],
  chain: readonly string[] = networks.slice(0, 1).map(({ sha256 }) => sha256),
): readonly ShownNetwork[] {
  const inChain = chain.flatMap((sha256) => networks.find((network) => network.sha256 === sha256) ?? []);
  const others = networks.filter((network) => !inChain.includes(network));
  return [
    ...inChain.map((network, place) => ({ ...network, isOn: true, isFollowed: place < inChain.length - 1 })),
    ...others.map((network) => ({ ...network, isOn: false, isFollowed: false })),
  ];
}
