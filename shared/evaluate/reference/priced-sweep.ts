import {
  type PricedResult,
  type PricedSweep,
  pairsOfLevel,
  sweepColumns,
  type TwoExitResult,
  type TwoExitSweep,
} from "../sweep.ts";
import type { SweepState } from "./sweep-state.ts";

/**
 * Answers priced sweeps plan by plan, from two-exit sweeps that leave none out.
 * The latency measured has to be the mean.
 */
export function createPricedSweep(
  { space, grid, levels, right, latencyMs }: SweepState,
  sweepTwo: (sweep: TwoExitSweep) => TwoExitResult,
): (sweep: PricedSweep) => PricedResult {
  const minPricedMs = new Float64Array(levels);

  /** The minimum over all levels of the last two exits. */
  function minOfPairs({ entries, right, latencyMs }: TwoExitResult, priceMs: number): number {
    let min = Number.POSITIVE_INFINITY;
    for (let plan = 0; plan < entries; plan++) {
      const wrong = (space.samples - right[plan]) / space.samples;
      min = Math.min(min, latencyMs[plan] + priceMs * wrong);
    }
    return min;
  }

  return (sweep) => {
    const { fromLevel, toLevel } = sweep;
    for (let level = fromLevel; level < toLevel; level++) {
      const pairs = sweepTwo(pairsOfLevel(sweep, level, grid));
      minPricedMs[level - fromLevel] = minOfPairs(pairs, sweep.priceMs);
    }
    const size = { rows: toLevel - fromLevel, columns: sweepColumns(sweep, grid), entries: 0 };
    return { kind: "priced", sweep, ...size, right, latencyMs, minPricedMs };
  };
}
