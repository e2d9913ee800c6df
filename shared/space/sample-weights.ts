import { AppError } from "../base/errors.ts";

/** How often samples count where they don't count equally. */
export interface SampleWeights {
  /** Whole numbers, so that whatever counts samples counts them exactly [samples]. */
  readonly counts: Uint32Array;
  /** Their sum. */
  readonly total: number;
  /**
   * How many samples of equal weight would be as informative, never more than there are.
   * @see Kish 1965, "Survey Sampling", section 11.7
   */
  readonly effectiveSamples: number;
}

/** Weights of classes by index, as text; classes left out weigh 1. */
export type ClassWeights = Readonly<Record<string, number>>;

/** Whole weights add up to at most so many times the samples: a search takes as much longer at the most. */
const MAX_COUNTS = 4;

/**
 * Makes whole numbers of weights. They are kept as they are if they have a common measure that is coarse enough;
 * otherwise the sums up to each sample, class by class, are rounded, so that a class is off by one at the most, of
 * four times as many as there are samples.
 * @param weights per sample, of classes, of samples or of both
 * @param classes per sample; the order in which it is rounded
 * @returns undefined if all samples count equally
 * @throws AppError 'usage' if a weight is no number from 0 on, or none is above 0
 */
export function wholeWeights(
  weights: ArrayLike<number>,
  classes?: ArrayLike<number>,
): SampleWeights | undefined {
  const samples = weights.length;
  const total = sumOf(weights);
  if (!(total > 0) || total === Number.POSITIVE_INFINITY)
    throw new AppError("usage", `the weights of the samples add up to ${total}, expected a number above 0`);
  const order = Array.from({ length: samples }, (_, sample) => sample);
  if (classes) order.sort((a, b) => classes[a] - classes[b] || a - b);
  const measure = commonMeasure(weights);
  const isExact = measure !== undefined && total / measure <= MAX_COUNTS * samples;
  const scale = isExact ? 1 / measure : (MAX_COUNTS * samples) / total;
  const counts = new Uint32Array(samples);
  let [sum, counted] = [0, 0];
  for (const sample of order) {
    if (!(weights[sample] >= 0))
      throw new AppError("usage", `the weight of sample ${sample} is ${weights[sample]}, expected 0 or more`);
    sum += weights[sample];
    const upToHere = Math.round(sum * scale);
    counts[sample] = upToHere - counted;
    counted = upToHere;
  }
  if (counts.every((count) => count === counts[0])) return undefined;
  let squares = 0;
  for (const count of counts) squares += count ** 2;
  return { counts, total: counted, effectiveSamples: counted ** 2 / squares };
}

function sumOf(weights: ArrayLike<number>): number {
  let sum = 0;
  for (let sample = 0; sample < weights.length; sample++) sum += weights[sample];
  return sum;
}

/** The largest number that all weights are multiples of, if they are whole numbers. */
function commonMeasure(weights: ArrayLike<number>): number | undefined {
  let measure = 0;
  for (let sample = 0; sample < weights.length; sample++) {
    if (!Number.isSafeInteger(weights[sample])) return undefined;
    let rest = weights[sample];
    while (rest > 0) [measure, rest] = [rest, measure % rest];
  }
  return measure;
}

/** What samples are weighted by. */
export interface Weighting {
  readonly classWeights?: ClassWeights;
  /** Per sample, times its class's. */
  readonly sampleWeights?: ArrayLike<number>;
}

/**
 * The weights of a split's samples.
 * @param labels class per sample, if it is known
 * @returns nothing if all count alike
 * @throws AppError 'usage' if classes are weighted and labels unknown, a weighted class or a sample's weight isn't
 * there, or the weights are none
 */
export function weighSamples(
  samples: number,
  labels: Int32Array | undefined,
  { classWeights, sampleWeights }: Weighting,
): SampleWeights | undefined {
  if (!classWeights && !sampleWeights) return undefined;
  if (sampleWeights && sampleWeights.length !== samples)
    throw new AppError("usage", `there are ${sampleWeights.length} weights for ${samples} samples`);
  if (classWeights && !labels)
    throw new AppError(
      "usage",
      "the classes are weighted, but the confidence tables don't say which class a sample is of; calibrate again, or give tables with 'labels'",
    );
  const weights = Float64Array.from({ length: samples }, (_, sample) => {
    const ofClass = classWeights && labels ? (classWeights[labels[sample]] ?? 1) : 1;
    return ofClass * (sampleWeights ? sampleWeights[sample] : 1);
  });
  return wholeWeights(weights, labels);
}

/** The classes, of so many, that no sample is of: a weight of theirs would change nothing. */
export function classesWithoutSamples(labels: Int32Array, classes: number): Set<number> {
  const absent = new Set(Array.from({ length: classes }, (_, index) => index));
  for (const label of labels) absent.delete(label);
  return absent;
}
