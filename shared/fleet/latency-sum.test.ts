import { expect, test } from "vitest";
import type { Latency } from "../model/profile.ts";
import { differenceOf, isOpen, latencySum, totalMs } from "./latency-sum.ts";

function latency(meanMs: number, halfWidthMs?: number): Latency {
  const intervalMs: [number, number] | undefined =
    halfWidthMs === undefined ? undefined : [meanMs - halfWidthMs, meanMs + halfWidthMs];
  return { medianMs: meanMs, meanMs, p5Ms: meanMs, p95Ms: meanMs, count: 10, intervalMs };
}

const [head, early, late] = [latency(0.1, 0.01), latency(1, 0.05), latency(1.2, 0.1)];

test("what two sums share takes no part in their difference", () => {
  const one = latencySum([
    [late, 1],
    [head, 1],
    [head, 0.5],
  ]);
  const other = latencySum([
    [early, 1],
    [head, 1.5],
  ]);
  expect(totalMs(one)).toBeCloseTo(1.35, 12);
  // 1.2 ± 0.1 less 1 ± 0.05, and nothing of the head.
  const difference = differenceOf(one, other);
  expect(difference.ms).toBeCloseTo(0.2, 12);
  expect(difference.intervalMs![0]).toBeCloseTo(0.05, 12);
  expect(difference.intervalMs![1]).toBeCloseTo(0.35, 12);
  expect(isOpen(difference)).toBe(false);
});

test("intervals that allow either leave it open", () => {
  const wide = latency(1.1, 0.06);
  expect(isOpen(differenceOf(latencySum([[wide, 1]]), latencySum([[early, 1]])))).toBe(true);
  expect(isOpen(differenceOf(latencySum([[early, 1]]), latencySum([[early, 1]])))).toBe(true);
});

test("without an interval nothing is said of how far it may be off, unless that part cancels", () => {
  const old = latency(0.4);
  const more = latencySum([
    [early, 1],
    [old, 1],
  ]);
  expect(differenceOf(more, latencySum([[early, 1]]))).toEqual({ ms: 0.4 });
  expect(isOpen(differenceOf(more, latencySum([[early, 1]])))).toBeUndefined();
  expect(differenceOf(more, latencySum([[old, 1]])).intervalMs).toEqual([0.95, 1.05]);
});
