import { sortedFloats } from "../../../shared/base/sort-floats.ts";

/** One bar of a reliability diagram. */
export interface ReliabilityBin {
  /** Mean confidence and accuracy of the samples in the bin, 0-1. */
  readonly confidence: number;
  readonly accuracy: number;
  readonly count: number;
}

/**
 * Bins samples by confidence into equal widths over [0, 1]; empty bins are kept with count 0.
 * @param confidence [samples]
 * @param correct [samples], 1 right, 0 wrong
 */
export function reliabilityBins(confidence: Float32Array, correct: Uint8Array, bins = 15): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ confidence: 0, right: 0, count: 0 }));
  for (let sample = 0; sample < confidence.length; sample++) {
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.floor(confidence[sample] * bins)))];
    bin.confidence += confidence[sample];
    bin.right += correct[sample];
    bin.count++;
  }
  return sums.map(({ confidence: total, right, count }) =>
    count === 0
      ? { confidence: 0, accuracy: 0, count }
      : { confidence: total / count, accuracy: right / count, count },
  );
}

/** Expected calibration error: the bins' gap between confidence and accuracy, weighted by count (Naeini et al. 2015). */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const samples = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce((sum, bin) => sum + (bin.count / samples) * Math.abs(bin.confidence - bin.accuracy), 0);
}

/**
 * Area under the ROC curve of telling right from wrong by confidence: the share of (right, wrong) pairs in which
 * the right one is more confident, ties counting half. 0.5 if all are right or all wrong.
 * @see Hendrycks, Gimpel 2017, arXiv 1610.02136
 */
export function failurePredictionAuroc(confidence: Float32Array, correct: Uint8Array): number {
  const [right, wrong] = [1, 0].map((is) => sortedFloats(confidence.filter((_, at) => correct[at] === is)));
  if (right.length === 0 || wrong.length === 0) return 0.5;
  let [below, notAbove, won] = [0, 0, 0];
  for (const value of right) {
    while (wrong[below] < value) below++;
    while (wrong[notAbove] <= value) notAbove++;
    won += (below + notAbove) / 2;
  }
  return won / (right.length * wrong.length);
}
