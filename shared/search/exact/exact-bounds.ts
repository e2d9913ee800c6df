import { latencyMeasures, sweptMeasure } from "../../evaluate/latency-measure.ts";
import type { BoundCounts, PlacedExit } from "../../evaluate/sweep.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import type { SearchContext } from "../engine/search-algorithm.ts";
import type { BoundLine } from "../engine/search-target.ts";

/** A prefix and what its exits cost; a node of the search tree. */
export interface Prefix {
  readonly exits: readonly PlacedExit[];
  /** Samples leaving per exit, and what each of them costs, ms. */
  readonly counts: readonly number[];
  readonly costs: readonly number[];
  /** Samples that have left rightly, and samples still under way. */
  readonly right: number;
  readonly remaining: number;
  /** Sum of h over the exits, ms. */
  readonly headsMs: number;
  /** Weights of the backbone and the exits' heads. */
  readonly bytes: number;
}

export function emptyPrefix(space: SearchSpace): Prefix {
  return {
    exits: [],
    counts: [],
    costs: [],
    right: 0,
    remaining: space.samples,
    headsMs: 0,
    bytes: space.backboneBytes,
  };
}

/** The prefix with one more exit, from the counts of the sweep over that exit's levels. */
export function extend(space: SearchSpace, prefix: Prefix, exit: PlacedExit, counts: BoundCounts): Prefix {
  const candidate = space.candidates[exit.candidate];
  const headsMs = prefix.headsMs + candidate.headMs;
  return {
    exits: [...prefix.exits, exit],
    counts: [...prefix.counts, prefix.remaining - counts.remaining[exit.level]],
    costs: [...prefix.costs, candidate.prefixMs + headsMs],
    right: counts.rightSoFar[exit.level],
    remaining: counts.remaining[exit.level],
    headsMs,
    bytes: prefix.bytes + candidate.headBytes,
  };
}

/** What the continuations of a prefix can get right at most. */
export interface MaxRight {
  /** By the next exit; the others have to go on to be right. */
  readonly atNext: number;
  /** In the end. */
  readonly inTheEnd: number;
}

/** Absorbs the rounding of sums, so that no bound exceeds what it bounds. */
const ROUNDING = 1 - 1e-12;

/**
 * Bounds what continues a prefix with the next exit `next`.
 *
 * No remaining sample costs less than the cheapest way out at or behind the next exit, only those that the next
 * exit gets right are right at that price, and each further right one has paid for going on. That is a line; a
 * target that beats all of it has no use for any continuation.
 */
export type Bound = (prefix: Prefix, next: number, max: MaxRight) => BoundLine;

/** @param exitsAfterNext whether continuations may have exits behind the next one */
export function createBound(
  { space, useCase }: Pick<SearchContext, "space" | "useCase">,
  exitsAfterNext: boolean,
): Bound {
  const measure = latencyMeasures[sweptMeasure(useCase)];
  const ways = waysOut(space, exitsAfterNext);
  // One more right sample moves the mean; a percentile may stay where it is.
  const shareOfOne = sweptMeasure(useCase) === "mean" ? 1 / space.samples : 0;
  const counts = new Float64Array(space.maxExits + 1);
  const costs = new Float64Array(space.maxExits + 1);

  return (prefix, next, max) => {
    const depth = prefix.exits.length;
    for (let k = 0; k < depth; k++) {
      counts[k] = prefix.counts[k];
      costs[k] = prefix.costs[k];
    }
    counts[depth] = prefix.remaining;
    costs[depth] = prefix.headsMs + ways.cheapestMs[next];
    const latencyMs = measure(counts, costs, depth + 1, space.samples) * ROUNDING;
    const stepMs = ways.goingOnMs[next] * shareOfOne * ROUNDING;
    const right = stepMs > 0 ? Math.min(max.atNext, max.inTheEnd) : max.inTheEnd;
    return { right: prefix.right + right, latencyMs, stepMs, lastRight: prefix.right + max.inTheEnd };
  };
}

/** Per candidate, taken as the next exit. */
interface WaysOut {
  /** The least that a sample arriving there still costs, heads before it not counted, ms. */
  readonly cheapestMs: Float64Array;
  /** The least that going on costs beyond that, ms; at least 0. */
  readonly goingOnMs: Float64Array;
}

function waysOut(space: SearchSpace, exitsAfterNext: boolean): WaysOut {
  const { candidates, backboneMs } = space;
  const cheapestMs = new Float64Array(candidates.length);
  const goingOnMs = new Float64Array(candidates.length);
  for (let c = candidates.length - 1; c >= 0; c--) {
    const { position, prefixMs, headMs } = candidates[c];
    let onwardMs = backboneMs;
    for (let d = c + 1; exitsAfterNext && d < candidates.length; d++) {
      if (candidates[d].position > position) onwardMs = Math.min(onwardMs, cheapestMs[d]);
    }
    cheapestMs[c] = headMs + Math.min(prefixMs, onwardMs);
    goingOnMs[c] = Math.max(0, onwardMs - prefixMs);
  }
  return { cheapestMs, goingOnMs };
}
