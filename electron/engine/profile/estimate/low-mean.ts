import { rules } from "../measurement-rules.ts";
import type { Timing } from "./timing.ts";

/** Times of one subject in rising order, each with the round that it is of. */
export interface SortedTimes {
  readonly ms: Float64Array;
  readonly rounds: Int32Array;
}

/** @param paceAt how slow the machine was at a moment; times are divided by it */
export function sortTimes(
  timings: readonly Timing[],
  paceAt: (atMs: number) => number = () => 1,
): SortedTimes {
  const paced = timings.map(({ ms, atMs, round }) => ({ ms: ms / paceAt(atMs), round }));
  paced.sort((a, b) => a.ms - b.ms);
  return {
    ms: Float64Array.from(paced, ({ ms }) => ms),
    rounds: Int32Array.from(paced, ({ round }) => round),
  };
}

/**
 * Mean of the lowest tenth: what a run needs where nothing disturbs it. Other work only ever lengthens runs, and long ones
 * more than short ones, so medians of ratios move with the load while this stays.
 * @param counts how often each round counts, by its number; once if absent
 * @param lowShare of the times, whose mean it is
 * @returns undefined if no time counts
 */
export function lowMean(
  { ms, rounds }: SortedTimes,
  counts?: ArrayLike<number>,
  lowShare: number = rules.lowShare,
): number | undefined {
  const countOf = (index: number) => counts?.[rounds[index]] ?? 1;
  let total = ms.length;
  if (counts) {
    total = 0;
    for (let index = 0; index < ms.length; index++) total += countOf(index);
  }
  if (total === 0) return undefined;
  const wanted = Math.max(1, lowShare * total);
  let left = wanted;
  let sum = 0;
  for (let index = 0; index < ms.length && left > 0; index++) {
    const taken = Math.min(left, countOf(index));
    sum += taken * ms[index];
    left -= taken;
  }
  return sum / wanted;
}
