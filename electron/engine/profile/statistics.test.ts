import { expect, it } from "vitest";
import { interquartileMean, latencyOf, median, quantile, scaleLatency } from "./statistics.ts";

it("takes quantiles by nearest rank", () => {
  // Wikipedia's example of the nearest-rank method: 5 %, 30 %, 40 %, 50 %, 100 % of 15, 20, 35, 40, 50.
  const sorted = [15, 20, 35, 40, 50];
  expect([0.05, 0.3, 0.4, 0.5, 1].map((share) => quantile(sorted, share))).toEqual([15, 20, 20, 35, 50]);
  expect([quantile(sorted, 0), quantile([7], 0.95)]).toEqual([15, 7]);
});

it("takes medians of unsorted values, by number and not by text, and leaves them as they are", () => {
  const values = [10, 9, 100, 2, 1];
  expect(median(values)).toBe(9);
  expect(median([4, 1, 3, 2])).toBe(2);
  expect(values).toEqual([10, 9, 100, 2, 1]);
});

it("describes times", () => {
  // 1 to 40: 5 % is the second, 95 % the 38th.
  const times = Array.from({ length: 40 }, (_, index) => ((index * 7) % 40) + 1);
  expect(latencyOf(times)).toEqual({ medianMs: 20, meanMs: 20.5, p5Ms: 2, p95Ms: 38, count: 40 });
});

it("leaves the smallest and largest quarter out of means, whatever they are", () => {
  // 8 values: two are left out at either end, so 3, 4, 5 and 10 remain.
  expect(interquartileMean([1000, 3, 2, 1, 10, 4, 5, 50])).toBe(22 / 4);
  expect(interquartileMean([3, 1])).toBe(2);
});

it("brings all figures to another pace", () => {
  const latency = { medianMs: 20, meanMs: 20.5, p5Ms: 2, p95Ms: 38, count: 40 };
  expect(scaleLatency(latency, 0.5)).toEqual({ medianMs: 10, meanMs: 10.25, p5Ms: 1, p95Ms: 19, count: 40 });
  expect(scaleLatency({ ...latency, intervalMs: [20, 21] }, 0.5).intervalMs).toEqual([10, 10.5]);
});
