import { binOf } from "../../base/bin-of.ts";

/** Counts of equal-width bins over [low, high]. */
export interface Histogram {
  readonly low: number;
  readonly binWidth: number;
  readonly counts: readonly number[];
  /** Values above the range; none lie below it. */
  readonly above: number;
  readonly total: number;
}

/** The value that all but a share of the values stay below (nearest rank). @param share 0-1 */
export function upperQuantile(values: Float32Array, share: number): number {
  if (values.length === 0) return 0;
  const sorted = Float32Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((1 - share) * sorted.length) - 1))];
}

/** @param range values below it are counted in the first bin, those above it apart */
export function histogram(values: Float32Array, range: readonly [number, number], bins: number): Histogram {
  const [low, high] = range;
  const binWidth = (high - low) / bins || 1;
  const counts = new Array<number>(bins).fill(0);
  let above = 0;
  for (const value of values) {
    if (value > high) above++;
    else counts[binOf((value - low) / (high - low || 1), bins)]++;
  }
  return { low, binWidth, counts, above, total: values.length };
}
