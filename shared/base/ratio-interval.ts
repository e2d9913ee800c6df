import { z95 } from "./intervals.ts";

/** Upper 97.5 % quantiles of Student's t at one and two degrees of freedom, where the expansion below is too short. */
const fewFreedom = [12.7062, 4.3027];

/**
 * The 97.5 % quantile of Student's t distribution: two-sided 95 % intervals from few values.
 * @param freedom degrees of freedom, 1 or more
 * @returns within 1 % at three, within 0.1 % from six on
 * @see Abramowitz and Stegun 1964, 26.7.5 (Cornish-Fisher expansion)
 */
export function studentQuantile95(freedom: number): number {
  if (freedom <= fewFreedom.length) return fewFreedom[freedom - 1];
  const z = z95;
  return (
    z +
    (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)
  );
}

/**
 * The ratio of two sums and its 95 % interval by batch means: what was measured in a row is added up in blocks, so that
 * noise which lasts stays within a block, and the spread of the blocks is the ratio's error. With ones or weights below,
 * the ratio is a mean.
 * @param above per block, what is summed above the line; `below` per block, below it
 * @returns undefined for one block, of which no spread is known
 * @see Cochran 1977, "Sampling Techniques", section 6.4 (variance of a ratio); Law 2007, "Simulation Modeling and
 *   Analysis", section 9.5.3 (batch means)
 */
export function ratioInterval(
  above: readonly number[],
  below: readonly number[],
): [number, number] | undefined {
  const blocks = above.length;
  if (blocks < 2) return undefined;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const ratio = sum(above) / sum(below);
  const squares = sum(above.map((value, block) => (value - ratio * below[block]) ** 2));
  const error = Math.sqrt((blocks / (blocks - 1)) * squares) / sum(below);
  const halfWidth = studentQuantile95(blocks - 1) * error;
  return [Math.max(0, ratio - halfWidth), ratio + halfWidth];
}
