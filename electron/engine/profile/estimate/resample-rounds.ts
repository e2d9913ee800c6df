import { type Random, randomInteger } from "../../../../shared/base/random.ts";
import { studentQuantile95 } from "../../../../shared/base/ratio-interval.ts";

/**
 * How often each round counts in a draw with replacement, rounds together with those that follow them: what disturbs one
 * disturbs the next as well, and draws of single rounds would take such times for independent ones.
 * @returns [rounds]
 * @see Politis and Romano 1992, circular block bootstrap
 */
export function resampleRounds(rounds: number, random: Random): Float64Array {
  const length = blockLength(rounds);
  const counts = new Float64Array(rounds);
  for (let drawn = 0; drawn < rounds; drawn += length) {
    const first = randomInteger(random, rounds);
    for (let offset = 0; offset < Math.min(length, rounds - drawn); offset++)
      counts[(first + offset) % rounds]++;
  }
  return counts;
}

/** Grows with the third root, which is the best rate for a variance. */
export function blockLength(rounds: number): number {
  return Math.max(1, Math.floor(Math.cbrt(rounds)));
}

/**
 * Half width of a 95 % interval from values of resampled rounds: standard error times Student's quantile.
 * @returns infinity for fewer than three blocks of rounds
 */
export function halfWidthOf(resampled: readonly number[], rounds: number): number {
  const blocks = Math.floor(rounds / blockLength(rounds));
  if (blocks < 3 || resampled.length < 2) return Number.POSITIVE_INFINITY;
  const mean = resampled.reduce((sum, value) => sum + value, 0) / resampled.length;
  const squares = resampled.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  // Draws of n blocks vary as n - 1 do.
  const standardError = Math.sqrt((squares / (resampled.length - 1)) * (blocks / (blocks - 1)));
  return studentQuantile95(blocks - 1) * standardError;
}
