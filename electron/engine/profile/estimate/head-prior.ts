import { leastSquares } from "./least-squares.ts";

/** What a head's operators have to do, the columns of a linear prior: something, per value read, per multiplication. */
export type HeadWork = readonly [1, elements: number, macs: number];

/** A linear prior says something if so many more heads than columns stand behind it. */
const spareHeads = 3;

/**
 * Heads of one kind cost what their operators cost: a linear function of their work, from which each head differs by itself.
 * Where the noise of its times is larger than such differences are, a head goes by the function.
 * @param values what each head takes
 * @param variances of the noise in each value
 * @returns how far each head goes by its own value, 0-1
 * @see Efron and Morris 1975, doi:10.1080/01621459.1975.10479864
 */
export function ownShares(
  values: readonly number[],
  variances: readonly number[],
  works: readonly HeadWork[],
): number[] {
  const columns = works[0]?.length ?? 0;
  if (values.length < columns + spareHeads) return values.map(() => 1);
  const expected = expectedOf(values, works);
  const freedom = values.length - columns;
  const residual = values.reduce((sum, value, index) => sum + (value - expected[index]) ** 2, 0) / freedom;
  const noise = variances.reduce((sum, variance) => sum + variance, 0) / variances.length;
  const between = Math.max(0, residual - noise);
  return variances.map((variance) => (between + variance > 0 ? between / (between + variance) : 1));
}

/** @param shares of {@link ownShares} */
export function towardsWork(
  values: readonly number[],
  works: readonly HeadWork[],
  shares: readonly number[],
): number[] {
  if (shares.every((share) => share === 1)) return [...values];
  const expected = expectedOf(values, works);
  return values.map((value, index) => shares[index] * value + (1 - shares[index]) * expected[index]);
}

function expectedOf(values: readonly number[], works: readonly HeadWork[]): number[] {
  const coefficients = leastSquares(
    works,
    values,
    values.map(() => 1),
  );
  return works.map((work) => work.reduce((sum, amount, column) => sum + amount * coefficients[column], 0));
}
