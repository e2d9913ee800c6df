import { outputHead } from "../../model/plan.ts";
import { type DesignSpace, findSpace } from "../../space/design-space.ts";
import { fromPlanExits, toPlanExits } from "../../space/plan-exits.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";

/**
 * The same plan in the chain without the networks that it has no exit in, but for the last, whose output answers whoever
 * comes there.
 * @returns nothing if there is no such network, or the shorter chain is none of the spaces'
 */
export function withoutIdleNetworks(
  exits: readonly ThresholdedExit[],
  on: DesignSpace,
  spaces: readonly DesignSpace[],
): { readonly on: DesignSpace; readonly exits: readonly ThresholdedExit[] } | undefined {
  const { chain, space, partition } = on;
  if (!chain) return undefined;
  const ends = networkEnds(space);
  const used = new Set(exits.map(({ candidate }) => networkOf(ends, space.candidates[candidate].position)));
  const kept = chain.filter((_, network) => network === chain.length - 1 || used.has(network));
  if (kept.length === chain.length) return undefined;
  const cut = partition?.tensor;
  // Nobody writes down the chain that is the backbone alone.
  const shorter =
    findSpace(spaces, { chain: kept, cut }) ?? (kept.length === 1 ? findSpace(spaces, { cut }) : undefined);
  return shorter && { on: shorter, exits: fromPlanExits(shorter.space, toPlanExits(space, exits)) };
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
