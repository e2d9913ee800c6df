import { ROUNDING } from "../../model/constraints.ts";
import { isSameChain } from "../../model/plan.ts";
import type { UseCase } from "../../model/use-case.ts";
import type { DesignSpace } from "../../space/design-space.ts";
import { onAxis } from "../../space/energy-axis.ts";
import { maxPlanBytes, type SearchSpace } from "../../space/search-space.ts";
import { networkEnds } from "./without-idle-networks.ts";

/**
 * Leaves out the chains whose last network no plan within the use case's limits gets to, and the partitions at which no
 * plan is better than it is on the device alone or at another partition.
 */
export function promisingSpaces(spaces: readonly DesignSpace[], useCase: UseCase): DesignSpace[] {
  const isNeverWorse = neverWorse(useCase);
  const within = withinLimits(spaces, useCase);
  // What the device can do alone is told in any case.
  const kept = within.filter(({ partition }) => !partition);
  const others = within.filter(({ partition }) => partition);
  for (const [index, own] of others.entries()) {
    const rivals = [...kept, ...others.slice(index + 1)];
    const isBeaten = rivals.some(
      (rival, k) =>
        isSameChain(rival, own) &&
        isNeverWorse(rival.space, own.space) &&
        (k < kept.length || !isNeverWorse(own.space, rival.space)),
    );
    if (!isBeaten) kept.push(own);
  }
  return kept;
}

/** Of the spaces of several chains those within the limits, or if there are none each network alone: one of them is nearest. */
function withinLimits(spaces: readonly DesignSpace[], useCase: UseCase): readonly DesignSpace[] {
  if (!spaces.some(({ chain }) => chain)) return spaces;
  const within = spaces.filter(({ space }) => !isOutsideLimits(space, useCase));
  return within.length > 0 ? within : spaces.filter(({ chain = [""] }) => chain.length === 1);
}

/**
 * Whether the networks alone weigh too much, or whoever enters the last one takes too long: the plans that nobody goes
 * so far in are those of the chain without it.
 */
function isOutsideLimits(space: SearchSpace, useCase: UseCase): boolean {
  if (space.backboneBytes > maxPlanBytes(space, useCase)) return true;
  const lastStarts = networkEnds(space).at(-1) ?? Number.NEGATIVE_INFINITY;
  const ways = space.candidates.filter(({ position }) => position > lastStarts);
  const fastestMs = Math.min(space.backboneMs, ...ways.map(({ prefixMs, headMs }) => prefixMs + headMs));
  return fastestMs > (useCase.maxWorstMs ?? Number.POSITIVE_INFINITY) * (1 + ROUNDING);
}

/** By latency, and where the use case speaks of energy by that too. */
function neverWorse(useCase: UseCase): (space: SearchSpace, than: SearchSpace) => boolean {
  const energy = { axis: "energy" as const };
  const countsEnergy = useCase.axis === "energy" || useCase.maxEnergyMillijoules !== undefined;
  return (space, than) =>
    isNeverSlower(space, than) &&
    (!countsEnergy || isNeverSlower(onAxis(space, energy), onAxis(than, energy)));
}

/** Whether every path through any plan takes at most as long as in another space, its most expensive heads included. */
function isNeverSlower(space: SearchSpace, than: SearchSpace): boolean {
  const dearer: number[] = [];
  let headsMs = 0;
  for (const [c, { prefixMs, headMs }] of space.candidates.entries()) {
    const other = than.candidates[c];
    if (headMs > other.headMs) {
      dearer.push(headMs - other.headMs);
      dearer.sort((a, b) => b - a);
      headsMs = dearer.slice(0, space.maxExits).reduce((sum, ms) => sum + ms, 0);
    }
    if (prefixMs + headsMs > other.prefixMs) return false;
  }
  return space.backboneMs + headsMs <= than.backboneMs;
}
