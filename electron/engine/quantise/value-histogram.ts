import type { RangeMethod } from "../../../shared/model/stage-options.ts";
import { activationQuantisation, type ValueRange } from "./quantise-numbers.ts";

const bins = 2048;

/** How often a tensor's values fall into equal parts of their range. */
export interface ValueHistogram {
  readonly range: ValueRange;
  readonly counts: Float64Array;
}

export function newHistogram(range: ValueRange): ValueHistogram {
  return { range, counts: new Float64Array(bins) };
}

/** Adds values; those outside the range count at its ends. */
export function countValues({ range: [low, high], counts }: ValueHistogram, values: ArrayLike<number>): void {
  const scale = high > low ? counts.length / (high - low) : 0;
  for (let at = 0; at < values.length; at++) {
    const bin = Math.floor((values[at] - low) * scale);
    counts[Math.min(counts.length - 1, Math.max(0, bin))]++;
  }
}

/** Share of the values that a percentile's range leaves out at either end. */
const leftOut = 0.00005;

/** Shares of the whole range that are tried for the least error. */
const triedShares = Array.from({ length: 40 }, (_, step) => (step + 1) / 40);

/** The range that bytes stand for. */
export function chosenRange(histogram: ValueHistogram, method: RangeMethod): ValueRange {
  if (method === "min-max") return histogram.range;
  return method === "percentile" ? percentileRange(histogram) : leastErrorRange(histogram);
}

function percentileRange({ range: [low, high], counts }: ValueHistogram): ValueRange {
  const most = leftOut * counts.reduce((sum, count) => sum + count, 0);
  const width = (high - low) / counts.length;
  let [first, last] = [0, counts.length - 1];
  for (let sum = counts[first]; sum <= most && first < last; sum += counts[first]) first++;
  for (let sum = counts[last]; sum <= most && last > first; sum += counts[last]) last--;
  return [low + first * width, low + (last + 1) * width];
}

/** The share of the range, about zero, whose bytes are off by the least squared error. */
function leastErrorRange(histogram: ValueHistogram): ValueRange {
  const [low, high] = histogram.range;
  const ranges = triedShares.map((share): ValueRange => [share * low, share * high]);
  const errors = ranges.map((range) => squaredError(histogram, range));
  return ranges[errors.indexOf(Math.min(...errors))];
}

function squaredError({ range: [low, high], counts }: ValueHistogram, range: ValueRange): number {
  const { scale, zeroPoint } = activationQuantisation(range);
  const width = (high - low) / counts.length;
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    if (counts[bin] === 0) continue;
    const value = low + (bin + 0.5) * width;
    const whole = Math.min(255, Math.max(0, Math.round(value / scale) + zeroPoint));
    sum += counts[bin] * (scale * (whole - zeroPoint) - value) ** 2;
  }
  return sum;
}
