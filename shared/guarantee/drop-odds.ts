import { normalQuantile, normalTail } from "../base/chi-square.ts";
import type { PairedCounts } from "./drop-test.ts";

/**
 * How probable it is that the true drop stays within a bound, as the score test of paired shares has it: by how many
 * standard deviations the drop seen stays below the bound, these under the likeliest shares that have the bound as drop.
 * It needs no iteration, holds for few changes as for many, and counts may be fractions.
 * @param bound share; negative for a plan that is better than the backbone
 * @see Tango 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B
 */
export function dropWithin(counts: PairedCounts, bound: number): number {
  return normalTail(-deviationsBelow(counts, bound));
}

/** Share that bounds are found to: a ten thousandth of a point. */
const TOLERANCE = 1e-6;

/** The bound, as share, that the true drop stays within with this probability. */
export function dropBound(counts: PairedCounts, confidence: number): number {
  const wanted = quantileOf(confidence);
  let low = (counts.lost - counts.gained) / counts.samples;
  let high = 1;
  if (deviationsBelow(counts, low) > wanted) [low, high] = [-1, low];
  while (high - low > TOLERANCE) {
    const middle = (low + high) / 2;
    if (deviationsBelow(counts, middle) < wanted) low = middle;
    else high = middle;
  }
  return high;
}

/** Few confidences are ever asked for, each of hundreds of plans. */
const quantiles = new Map<number, number>();

function quantileOf(confidence: number): number {
  const quantile = quantiles.get(confidence) ?? normalQuantile(confidence);
  quantiles.set(confidence, quantile);
  return quantile;
}

function deviationsBelow({ samples, lost, gained }: PairedCounts, bound: number): number {
  const spare = samples * bound - (lost - gained);
  const changed =
    bound >= 0
      ? likeliestChange(samples, lost, gained, bound)
      : likeliestChange(samples, gained, lost, -bound);
  const variance = samples * (changed - bound ** 2);
  if (variance > 0) return spare / Math.sqrt(variance);
  return spare === 0 ? 0 : Math.sign(spare) * Number.POSITIVE_INFINITY;
}

/** The likeliest share of changed samples if `more` are to exceed `fewer` by just this share. */
function likeliestChange(samples: number, more: number, fewer: number, excess: number): number {
  const b = more + fewer + (more - fewer - 2 * samples) * excess;
  const root = Math.sqrt(b ** 2 + 8 * samples * fewer * excess * (1 - excess));
  return (b + root) / (2 * samples) + excess;
}
