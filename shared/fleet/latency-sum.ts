import type { Latency } from "../model/profile.ts";

/** What something takes on a target: of each latency that its profile has timed, how many times. */
export type LatencySum = ReadonlyMap<Latency, number>;

/** Equal parts are one, so that what two sums share cancels. */
export function latencySum(parts: readonly (readonly [Latency, number])[]): LatencySum {
  const sum = new Map<Latency, number>();
  for (const [latency, times] of parts) sum.set(latency, (sum.get(latency) ?? 0) + times);
  return sum;
}

export function totalMs(sum: LatencySum): number {
  let ms = 0;
  for (const [{ meanMs }, times] of sum) ms += times * meanMs;
  return ms;
}

/** By how much one takes longer than the other. */
export interface LatencyDifference {
  readonly ms: number;
  /**
   * The least and the most that it can be with every latency somewhere in its 95 % interval, each on its own. No correlation
   * gives a wider one, so what stands outside of it is sure; undefined where a latency that counts has no interval.
   */
  readonly intervalMs?: readonly [number, number];
}

/** @param one of the same profile as the other, whose parts are the very same objects */
export function differenceOf(one: LatencySum, other: LatencySum): LatencyDifference {
  let [ms, low, high] = [0, 0, 0];
  const count = (latency: Latency, times: number) => {
    if (times === 0) return;
    const [least, most] = latency.intervalMs ?? [Number.NaN, Number.NaN];
    ms += times * latency.meanMs;
    low += times * (times > 0 ? least : most);
    high += times * (times > 0 ? most : least);
  };
  for (const [latency, times] of one) count(latency, times - (other.get(latency) ?? 0));
  for (const [latency, times] of other) if (!one.has(latency)) count(latency, -times);
  return Number.isNaN(low) ? { ms } : { ms, intervalMs: [low, high] };
}

/** Whether intervals leave open which of two is the longer; undefined where one of them isn't known. */
export function isOpen({ intervalMs }: LatencyDifference): boolean | undefined {
  return intervalMs && intervalMs[0] <= 0 && intervalMs[1] >= 0;
}
