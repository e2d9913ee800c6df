import { drawHypergeometric } from "./draw-hypergeometric.ts";
import type { Random } from "./random.ts";

/** How far two groups' counts by category are apart. */
export type CountStatistic = (one: readonly number[], other: readonly number[]) => number;

/** Two groups beside groups that differ by chance alone. */
export interface CountComparison {
  readonly statistic: number;
  /** How probable so large a statistic is, or a larger one, where both groups are drawn from the same; never 0. */
  readonly pValue: number;
  /** What 95 % of the statistics stay below there. */
  readonly usual: number;
}

/** So that what a correction for a dozen tests still passes can be told. */
const draws = 1999;

/** Of equal statistics, sums differ in their last digits. */
const rounding = 1e-12;

/**
 * Whether two groups may be drawn from the same: by how often a statistic is as large in tables of the same margins that
 * are drawn at random. With the observed one among the draws the test is exact at every size and number of draws.
 * @param one counts per category
 * @param other likewise
 * @see Dwass 1957, doi:10.1214/aoms/1177707045; Phipson and Smyth 2010, doi:10.2202/1544-6115.1585
 */
export function compareCounts(
  one: readonly number[],
  other: readonly number[],
  statisticOf: CountStatistic,
  random: Random,
): CountComparison {
  const totals = one.map((count, category) => count + other[category]);
  const [ones, others] = [sumOf(one), sumOf(other)];
  const statistic = statisticOf(one, other);
  if (ones === 0 || others === 0) return { statistic, pValue: 1, usual: 1 };
  // The smaller group takes fewer steps to draw.
  const isOneSmaller = ones <= others;
  const drawn = Array.from({ length: draws }, () => {
    const smaller = drawGroup(random, totals, Math.min(ones, others));
    const larger = totals.map((total, category) => total - smaller[category]);
    return isOneSmaller ? statisticOf(smaller, larger) : statisticOf(larger, smaller);
  }).sort((a, b) => a - b);
  const asLarge = drawn.filter((value) => value >= statistic - rounding).length;
  return { statistic, pValue: (1 + asLarge) / (1 + draws), usual: drawn[Math.ceil(0.95 * draws) - 1] };
}

/** A group of so many out of all, by category. */
function drawGroup(random: Random, totals: readonly number[], size: number): number[] {
  let rest = sumOf(totals);
  let left = size;
  return totals.map((total) => {
    rest -= total;
    const count = drawHypergeometric(random, total, rest, left);
    left -= count;
    return count;
  });
}

/** Pearson's chi-square: for categories without an order. */
export function chiSquare(one: readonly number[], other: readonly number[]): number {
  const [ones, others] = [sumOf(one), sumOf(other)];
  return one.reduce((sum, count, category) => {
    const total = count + other[category];
    if (total === 0) return sum;
    const expected = (total * ones) / (ones + others);
    return sum + (count - expected) ** 2 * (1 / expected + 1 / (total - expected));
  }, 0);
}

/** The largest gap between the shares above a border: Kolmogorov's and Smirnov's statistic, for categories in order. */
export function largestGap(one: readonly number[], other: readonly number[]): number {
  return Math.abs(widestGap(one, other).gap);
}

/**
 * Where the shares of both groups that lie above a border differ the most.
 * @returns the border, as the first category above it, and the share of `one` minus that of `other`
 */
export function widestGap(
  one: readonly number[],
  other: readonly number[],
): { readonly border: number; readonly gap: number } {
  const [ones, others] = [sumOf(one), sumOf(other)];
  let [above, otherAbove] = [0, 0];
  let widest = { border: one.length, gap: 0 };
  for (let border = one.length - 1; border > 0; border--) {
    above += one[border];
    otherAbove += other[border];
    const gap = above / ones - otherAbove / others;
    if (Math.abs(gap) > Math.abs(widest.gap)) widest = { border, gap };
  }
  return widest;
}

/**
 * P-values of several tests, so that at a level at most so often any of them is wrong.
 * @see Holm 1979, "A simple sequentially rejective multiple test procedure"
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const order = pValues.map((_, test) => test).sort((a, b) => pValues[a] - pValues[b]);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((test, rank) => {
    largest = Math.max(largest, Math.min(1, (order.length - rank) * pValues[test]));
    adjusted[test] = largest;
  });
  return adjusted;
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
