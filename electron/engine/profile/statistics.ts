import type { Latency } from "../../../shared/domain/profile.ts";

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

/** Median, mean, p5, p95 and count of measured times, ms. */
export function latencyOf(times: readonly number[]): Latency {
  const sorted = [...times].sort((a, b) => a - b);
  return {
    medianMs: quantile(sorted, 0.5),
    meanMs: sorted.reduce((sum, time) => sum + time, 0) / sorted.length,
    p5Ms: quantile(sorted, 0.05),
    p95Ms: quantile(sorted, 0.95),
    count: sorted.length,
  };
}

/** The same statistics shifted and held at zero or more. */
export function shiftLatency(latency: Latency, byMs: number): Latency {
  const shift = (value: number) => Math.max(0, value + byMs);
  return {
    medianMs: shift(latency.medianMs),
    meanMs: shift(latency.meanMs),
    p5Ms: shift(latency.p5Ms),
    p95Ms: shift(latency.p95Ms),
    count: latency.count,
  };
}
