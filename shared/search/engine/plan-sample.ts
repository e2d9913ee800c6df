import { type Random, randomInteger } from "../../base/random.ts";
import type { SweptFigures } from "../../evaluate/sweep.ts";

/** A fair sample of the plans that a search is told of, whatever their number; an evaluator may leave out dominated ones. */
export interface PlanSample {
  take(result: SweptFigures): void;
  /** Pairs of accuracy (0-1) and latency (ms), [2 x plans in the sample]; a copy. */
  pairs(): Float32Array<ArrayBuffer>;
}

/**
 * Reservoir sampling by skips: a sweep of which no plan is taken costs one comparison.
 * @param size the most plans in the sample
 * @param samples of the split, which accuracies are shares of
 * @see Li 1994, "Reservoir-sampling algorithms of time complexity O(n(1 + log(N/n)))", doi:10.1145/198429.198435
 */
export function createPlanSample(size: number, samples: number, random: Random): PlanSample {
  const held = new Float32Array(2 * size);
  let filled = 0;
  let seen = 0;
  /** Number of the next plan that is taken. */
  let next = 0;
  let weight = Math.exp(Math.log(1 - random()) / size);

  function advance(): void {
    next++;
    if (filled < size) return;
    next += Math.floor(Math.log(1 - random()) / Math.log(1 - weight));
    weight *= Math.exp(Math.log(1 - random()) / size);
  }

  return {
    take({ entries, right, latencyMs }) {
      const end = seen + entries;
      while (next < end) {
        const plan = next - seen;
        const slot = filled < size ? filled++ : randomInteger(random, size);
        held[2 * slot] = right[plan] / samples;
        held[2 * slot + 1] = latencyMs[plan];
        advance();
      }
      seen = end;
    },
    pairs: () => held.slice(0, 2 * filled),
  };
}
