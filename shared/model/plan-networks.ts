import type { PartitionedPlan, PlanExit } from "./plan.ts";

/** A network that a plan goes through, with the outputs that a sample may leave it at. */
export interface PlanNetwork {
  /** As its exits say it: SHA-256, absent of the backbone. */
  readonly member?: string;
  readonly exits: readonly PlanExit[];
  /** Where its outputs begin among the plan's exit rates, and how many it has: its exits and, of the last network, the end. */
  readonly first: number;
  readonly outputs: number;
}

/**
 * The networks of a plan in the order in which a sample meets them.
 * @param backbone its SHA-256
 */
export function planNetworks(
  { exits, chain }: Pick<PartitionedPlan, "exits" | "chain">,
  backbone: string | undefined,
): PlanNetwork[] {
  const members = chain?.map((sha256) => (sha256 === backbone ? undefined : sha256)) ?? [undefined];
  let first = 0;
  return members.map((member, place) => {
    const own = exits.filter((exit) => exit.member === member);
    const outputs = own.length + (place === members.length - 1 ? 1 : 0);
    const network = { member, exits: own, first, outputs };
    first += outputs;
    return network;
  });
}

/** Shares of a plan's samples that reach a network, and that it answers. */
export interface NetworkShares {
  readonly reaching: number;
  readonly answered: number;
}

/** @param rates of every exit of the plan, and of its end */
export function sharesOf(
  { first, outputs }: Pick<PlanNetwork, "first" | "outputs">,
  rates: readonly number[],
): NetworkShares {
  const sum = (part: readonly number[]) => part.reduce((total, rate) => total + rate, 0);
  return { reaching: sum(rates.slice(first)), answered: sum(rates.slice(first, first + outputs)) };
}
