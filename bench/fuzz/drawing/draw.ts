import { type Random, randomInteger } from "../../../shared/base/random.ts";

/** One of the items, which must not be empty. */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[randomInteger(random, items.length)];
}

export function chance(random: Random, share: number): boolean {
  return random() < share;
}

/** An integer in [low, high]. */
export function between(random: Random, low: number, high: number): number {
  return low + randomInteger(random, high - low + 1);
}

/**
 * How often something is repeated: mostly a few times, sometimes many thousands.
 * @param most an upper bound
 */
export function manyTimes(random: Random, most: number): number {
  return Math.max(1, Math.round(most ** random()));
}
