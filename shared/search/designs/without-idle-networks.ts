import { isSameChain, outputHead } from "../../model/plan.ts";
import type { DesignSpace } from "../../space/design-space.ts";
import { fromPlanExits, toPlanExits } from "../../space/plan-exits.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";

/**
 * The same plan in the chain without the networks that it has no exit in, but for the last, whose output answers whoever
 * comes there. On the device alone it stays there; a partition in a network that goes has others in its place.
 * @returns in every space of the shorter chain; none if there is no such network
 */
export function withoutIdleNetworks(
  exits: readonly ThresholdedExit[],
  on: DesignSpace,
  spaces: readonly DesignSpace[],
): { readonly on: DesignSpace; readonly exits: readonly ThresholdedExit[] }[] {
  const { chain, space, partition } = on;
  if (!chain) return [];
  const ends = networkEnds(space);
  const used = new Set(exits.map(({ candidate }) => networkOf(ends, space.candidates[candidate].position)));
  const kept = chain.filter((_, network) => network === chain.length - 1 || used.has(network));
  if (kept.length === chain.length) return [];
  const allowed = spaces.filter((other) => partition || !other.partition);
  const named = allowed.filter((other) => isSameChain(other, { chain: kept }));
  // Nobody writes down the chain that is the backbone alone.
  const shorter = named.length === 0 && kept.length === 1 ? allowed.filter((other) => !other.chain) : named;
  const planExits = toPlanExits(space, exits);
  return shorter.map((other) => ({ on: other, exits: fromPlanExits(other.space, planExits) }));
}

/** Positions of the outputs in the middle of a chain, one per network but the last, rising. */
export function networkEnds({ candidates }: SearchSpace): number[] {
  const outputs = candidates.filter(({ head }) => head === outputHead);
  return [...new Set(outputs.map(({ position }) => position))];
}

/** Which of a chain's networks a position is in. */
export function networkOf(ends: readonly number[], position: number): number {
  const network = ends.findIndex((end) => position <= end);
  return network < 0 ? ends.length : network;
}
