import type { Latency } from "../../../shared/model/profile.ts";

/** The value below which a share of the sorted values lies (nearest rank). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.ceil(share * sorted.length) - 1;
  return sorted[Math.min(sorted.length - 1, Math.max(0, rank))];
}

export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** Share of the times left out at either end of a mean: other work of the machine, not the network. */
const trimmedShare = 0.25;

/**
 * The interquartile mean: without the smallest and largest quarter. It is as robust against a busy machine as the median, and adds
 * up like the mean: times of short runs fall into groups, warm and cold caches, between which the median would jump.
 */
export function interquartileMean(values: readonly number[]): number {
  return meanOfSorted([...values].sort((a, b) => a - b));
}

function meanOfSorted(sorted: readonly number[]): number {
  const trimmed = Math.floor(trimmedShare * sorted.length);
  const kept = sorted.slice(trimmed, sorted.length - trimmed);
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

/** Median, interquartile mean, p5, p95 and count of measured times, ms. */
export function latencyOf(times: readonly number[]): Latency {
  const sorted = [...times].sort((a, b) => a - b);
  return {
    medianMs: quantile(sorted, 0.5),
    meanMs: meanOfSorted(sorted),
    p5Ms: quantile(sorted, 0.05),
    p95Ms: quantile(sorted, 0.95),
    count: sorted.length,
  };
}

/** The same statistics at another pace. */
export function scaleLatency(latency: Latency, by: number): Latency {
  const { intervalMs } = latency;
  return {
    medianMs: latency.medianMs * by,
    meanMs: latency.meanMs * by,
    p5Ms: latency.p5Ms * by,
    p95Ms: latency.p95Ms * by,
    count: latency.count,
    ...(intervalMs && { intervalMs: [intervalMs[0] * by, intervalMs[1] * by] }),
  };
}
