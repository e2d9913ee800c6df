import type { PricedExits, Sweep, SweepResult } from "../sweep.ts";
import { sweepColumns } from "../sweep.ts";
import type { SweepState } from "./sweep-state.ts";

/**
 * Answers priced sweeps plan by plan, from two-exit sweeps that leave none out.
 * The latency measured has to be the mean.
 */
export function createPricedSweep(
  { space, grid, levels }: SweepState,
  sweepTwo: (sweep: Sweep, second: number) => SweepResult,
): (sweep: Sweep, exits: PricedExits) => SweepResult {
  const leastMs = new Float64Array(levels);

  return (sweep, { nextCandidate, lastCandidate, priceMs }) => {
    const { prefix, candidate, fromLevel, toLevel } = sweep;
    const toLast = { candidate: nextCandidate, fromLevel: 0, toLevel: grid[nextCandidate].length };
    let answer: SweepResult | undefined;
    for (let level = fromLevel; level < toLevel; level++) {
      const longer = [...prefix, { candidate, level }];
      answer = sweepTwo({ ...toLast, prefix: longer, nextCandidate: lastCandidate }, lastCandidate);
      const { entries, right, latencyMs } = answer;
      let least = Number.POSITIVE_INFINITY;
      for (let plan = 0; plan < entries; plan++) {
        const wrong = (space.samples - right[plan]) / space.samples;
        least = Math.min(least, latencyMs[plan] + priceMs * wrong);
      }
      leastMs[level - fromLevel] = least;
    }
    const { right, latencyMs, passing } = answer!;
    const size = { rows: toLevel - fromLevel, columns: sweepColumns(sweep, grid), entries: 0 };
    return { sweep, ...size, right, latencyMs, passing, leastMs };
  };
}
