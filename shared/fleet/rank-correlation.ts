import { AppError } from "../base/errors.ts";

/** How far two orders of the same things agree, and on how many pairs of them. */
export interface RankCorrelation {
  /** 1 for the same order, -1 for the reverse; undefined where one of the orders has everything tied, or there are fewer than two. */
  readonly tauB: number | undefined;
  readonly spearman: number | undefined;
  readonly pairs: number;
  /** Pairs that the two orders have the other way round, by their indices. */
  readonly swapped: readonly (readonly [number, number])[];
}

/**
 * Rank correlation of two columns, with ties.
 * @param one values of the same things in the same order; neither holds NaN
 * @throws AppError 'shape-mismatch' if the columns differ in length
 */
export function rankCorrelation(one: readonly number[], other: readonly number[]): RankCorrelation {
  if (one.length !== other.length)
    throw new AppError("shape-mismatch", `two rankings have ${one.length} and ${other.length} values`);
  const { swapped, ...counts } = countPairs(one, other);
  return {
    tauB: tauB(counts),
    spearman: pearson(midRanks(one), midRanks(other)),
    pairs: counts.pairs,
    swapped,
  };
}

interface PairCounts {
  readonly pairs: number;
  readonly concordant: number;
  readonly discordant: number;
  readonly tiedInOne: number;
  readonly tiedInOther: number;
}

function countPairs(one: readonly number[], other: readonly number[]) {
  const swapped: [number, number][] = [];
  let [pairs, concordant, tiedInOne, tiedInOther] = [0, 0, 0, 0];
  for (let i = 0; i < one.length; i++)
    for (let j = i + 1; j < one.length; j++) {
      const [a, b] = [Math.sign(one[i] - one[j]), Math.sign(other[i] - other[j])];
      pairs++;
      if (a === 0) tiedInOne++;
      if (b === 0) tiedInOther++;
      if (a * b > 0) concordant++;
      if (a * b < 0) swapped.push([i, j]);
    }
  return { pairs, concordant, discordant: swapped.length, tiedInOne, tiedInOther, swapped };
}

/** @see Kendall 1945, doi:10.1093/biomet/33.3.239 */
function tauB({ pairs, concordant, discordant, tiedInOne, tiedInOther }: PairCounts): number | undefined {
  const scale = Math.sqrt((pairs - tiedInOne) * (pairs - tiedInOther));
  return scale > 0 ? (concordant - discordant) / scale : undefined;
}

/** Ranks from 1; equal values share the mean of theirs. */
export function midRanks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a] - values[b]);
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    // Ranks from + 1 up to `to`.
    for (const index of order.slice(from, to)) ranks[index] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

function pearson(one: readonly number[], other: readonly number[]): number | undefined {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanOne, meanOther] = [mean(one), mean(other)];
  let [both, first, second] = [0, 0, 0];
  for (const [index, value] of one.entries()) {
    const [a, b] = [value - meanOne, other[index] - meanOther];
    both += a * b;
    first += a * a;
    second += b * b;
  }
  const scale = Math.sqrt(first * second);
  // Rounding may lift equal orders above 1.
  return scale > 0 ? Math.max(-1, Math.min(1, both / scale)) : undefined;
}
