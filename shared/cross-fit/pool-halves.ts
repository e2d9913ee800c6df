import { AppError } from "../base/errors.ts";
import { shareInterval } from "../base/intervals.ts";
import { exitLatencies, routeSamples } from "../evaluate/evaluate-plan.ts";
import { groupMean, groupPercentile } from "../evaluate/latency-measure.ts";
import { pairedAccuracy } from "../evaluate/live/paired-accuracy.ts";
import { weightingOf } from "../evaluate/live/weighted-accuracy.ts";
import type { CrossFitEstimate } from "../model/cross-fit.ts";
import { accuracyOf, referenceAccuracy } from "../space/reference-point.ts";
import { effectiveSamples, type SearchSpace, totalWeight } from "../space/search-space.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";

/** A plan on samples that had no part in choosing it. */
export interface ReportedPlan {
  readonly space: SearchSpace;
  readonly exits: readonly ThresholdedExit[];
}

/**
 * The figures of all held-out samples together, each sample under the plan that was chosen without it. They are those of two
 * plans, found by the same search on half as many samples as the one that is written; the interval takes samples for
 * independent, paired with the backbone, and leaves out that each half had a part in choosing the plan of the other, of
 * which no unbiased estimate exists (Bengio and Grandvalet 2004, "No Unbiased Estimator of the Variance of K-Fold
 * Cross-Validation", JMLR 5).
 * @param all of both parts' samples, those of the first part first
 * @param backboneMs mean latency of the backbone
 * @see Stone 1974, doi:10.1111/j.2517-6161.1974.tb00994.x
 * @throws AppError 'shape-mismatch' if the parts aren't all samples
 */
export function poolHalves(
  parts: readonly ReportedPlan[],
  all: SearchSpace,
  backboneMs: number,
): CrossFitEstimate {
  const samples = parts.reduce((sum, { space }) => sum + space.samples, 0);
  if (samples !== all.samples)
    throw new AppError("shape-mismatch", `parts of ${samples} samples, expected ${all.samples}`);
  const correct = new Uint8Array(samples);
  const [counts, latencies]: [number[], number[]] = [[], []];
  let start = 0;
  for (const { space, exits } of parts) {
    const routing = routeSamples(space, exits);
    correct.set(routing.correct, start);
    counts.push(...countLeaving(routing.exit, exits.length + 1, all, start));
    latencies.push(...exitLatencies(space, exits));
    start += space.samples;
  }
  const total = totalWeight(all);
  const worth = effectiveSamples(all);
  const accuracy = accuracyOf(all, correct);
  const { differencePp, halfWidthPp } = pairedAccuracy(correct, all);
  const percentile = (percent: number) => groupPercentile(counts, latencies, counts.length, total, percent);
  const mean = groupMean(counts, latencies, counts.length, total);
  return {
    accuracy,
    accuracyInterval: shareInterval(accuracy * worth, worth),
    backboneAccuracy: referenceAccuracy(all),
    accuracyDropPp: 0 - differencePp,
    accuracyDropHalfWidthPp: halfWidthPp,
    latencyMs: { mean, p50: percentile(50), p95: percentile(95), worst: percentile(100) },
    speedup: backboneMs / mean,
    weighted: weightingOf(correct, all),
  };
}

/** How much weighs what leaves at each exit, of the samples from `start` on. */
function countLeaving(exit: Uint8Array, exits: number, { weights }: SearchSpace, start: number): number[] {
  const counts = new Array<number>(exits).fill(0);
  for (let sample = 0; sample < exit.length; sample++)
    counts[exit[sample]] += weights ? weights.counts[start + sample] : 1;
  return counts;
}
