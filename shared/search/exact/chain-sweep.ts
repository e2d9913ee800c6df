import { type PlacedExit, type PricedSweep, pairsOfLevel, resultOf } from "../../evaluate/sweep.ts";
import type { Asking, SearchContext } from "../engine/search-algorithm.ts";
import type { Chain } from "./cheapest-ways.ts";

/** Absorbs the rounding of sums, so that no bound exceeds what it bounds. */
const ROUNDING = 1e-9;

/** Searches all levels of three last exits at a price. */
export interface ChainSweep {
  /**
   * Asks for all plans that end with a chain and may be the best.
   * @param maxPriced see below; plans of more are not asked for one by one
   * @returns the minimum of their priced latencies, a sum over samples
   */
  sweep(prefix: readonly PlacedExit[], chain: Chain, priceMs: number, maxPriced: number): Asking<number>;
  /** A plan of more priced latency than this, a sum over samples, is not the best. */
  maxPriced(priceMs: number): number;
}

export function createChainSweep({ space, grid, target }: SearchContext): ChainSweep {
  const { samples, backboneMs } = space;

  function maxPriced(priceMs: number): number {
    const rounding = ROUNDING * (backboneMs + priceMs);
    return (target.ceiling(priceMs / samples) + priceMs + rounding) * samples;
  }

  function* sweep(
    prefix: readonly PlacedExit[],
    chain: Chain,
    priceMs: number,
    maxPricedBefore: number,
  ): Asking<number> {
    const [candidate, nextCandidate, lastCandidate] = chain;
    const toLevel = grid[candidate].length;
    const asked: PricedSweep = {
      kind: "priced",
      prefix,
      candidate,
      fromLevel: 0,
      toLevel,
      nextCandidate,
      lastCandidate,
      priceMs,
    };
    const { minPricedMs } = resultOf("priced", yield asked);
    let min = Number.POSITIVE_INFINITY;
    for (let level = 0; level < toLevel; level++) min = Math.min(min, minPricedMs[level] * samples);
    if (min > maxPricedBefore) return min;
    // A copy, as the two-exit sweeps below overwrite it.
    for (const [level, ofLevel] of minPricedMs.slice(0, toLevel).entries()) {
      if (ofLevel * samples > maxPriced(priceMs)) continue;
      yield pairsOfLevel(asked, level, grid);
    }
    return min;
  }

  return { sweep, maxPriced };
}
