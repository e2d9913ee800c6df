import { expect, test } from "vitest";
import type { Latency } from "../model/profile.ts";
import { predictedInterval } from "./predicted-interval.ts";

function latency(meanMs: number, halfWidthMs?: number): Latency {
  const intervalMs: [number, number] | undefined =
    halfWidthMs === undefined ? undefined : [meanMs - halfWidthMs, meanMs + halfWidthMs];
  return { medianMs: meanMs, meanMs, p5Ms: meanMs, p95Ms: meanMs, count: 10, intervalMs };
}

const heads = [
  { cutPoint: "a", head: "one", policy: "top1", ...latency(0.1, 0.01) },
  { cutPoint: "b", head: "one", policy: "top1", ...latency(0.2, 0.02) },
];
const profile = {
  backbone: latency(2, 0.5),
  final: latency(2, 0.04),
  prefixes: [
    { cutPoint: "a", ...latency(0.5, 0.02) },
    { cutPoint: "b", ...latency(1, 0.03) },
  ],
  heads,
};
const exits = [
  { cutPoint: "a", head: "one", policy: "top1" },
  { cutPoint: "b", head: "one", policy: "top1" },
];

test("a plan's mean is as far off as its latencies are together, by how often each is met", () => {
  // Leaving at a takes 0.6 ± 0.03, at b 1.3 ± 0.06, at the end 2.3 ± 0.07: 0.5, 0.3 and 0.2 of them, 1.15 ± 0.047.
  const { meanMs, speedup } = predictedInterval(exits, [0.5, 0.3, 0.2], profile)!;
  expect(meanMs[0]).toBeCloseTo(1.103, 9);
  expect(meanMs[1]).toBeCloseTo(1.197, 9);
  // The backbone's 2 ms are what it is compared with, whatever its own interval.
  expect(speedup[0]).toBeCloseTo(2 / 1.197, 9);
  expect(speedup[1]).toBeCloseTo(2 / 1.103, 9);
});

test("a plan without exits is as far off as the last stage", () => {
  expect(predictedInterval([], [1], profile)!.meanMs).toEqual([1.96, 2.04]);
});

test("there is none where one of the latencies has none, or is missing", () => {
  const old = { ...profile, heads: [heads[0], { ...heads[1], intervalMs: undefined }] };
  expect(predictedInterval(exits, [0.5, 0.3, 0.2], old)).toBeUndefined();
  expect(predictedInterval(exits.slice(0, 1), [0.5, 0.5], old)).toBeDefined();
  expect(predictedInterval([{ ...exits[0], head: "two" }], [0.5, 0.5], profile)).toBeUndefined();
});
