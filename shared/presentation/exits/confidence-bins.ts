import { binOf } from "../../base/bin-of.ts";

/** Confidences of right and wrong samples in bins of equal width over [0, 1]. */
export interface ConfidenceBins {
  readonly right: readonly number[];
  readonly wrong: readonly number[];
  readonly samples: number;
}

/**
 * @param confidence of the exit, per sample of the split; what lies outside [0, 1] goes to the nearest bin
 * @param correct likewise, 1 right, 0 wrong
 * @param samples indices of the samples that count
 */
export function binConfidences(
  confidence: Float32Array,
  correct: Uint8Array,
  samples: Int32Array,
  bins: number,
): ConfidenceBins {
  const right = new Array<number>(bins).fill(0);
  const wrong = new Array<number>(bins).fill(0);
  for (const sample of samples) {
    (correct[sample] ? right : wrong)[binOf(confidence[sample], bins)]++;
  }
  return { right, wrong, samples: samples.length };
}

/** Counts worth a line in a chart that goes up to `max`: 1, 10, 100, … and at most three of them. */
export function countTicks(max: number): number[] {
  const ticks: number[] = [];
  for (let tick = 1; tick <= max; tick *= 10) ticks.push(tick);
  return ticks.slice(-3);
}
