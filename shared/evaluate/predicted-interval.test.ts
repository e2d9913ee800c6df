import { describe, expect, test } from "vitest";
import type { Latency } from "../model/profile.ts";
import { pathMs, planPaths } from "./plan-paths.ts";
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
  graphSha256: "large-graph",
  backbone: latency(2, 0.5),
  final: latency(2, 0.04),
  prefixes: [
    { cutPoint: "a", ...latency(0.5, 0.02) },
    { cutPoint: "b", ...latency(1, 0.03) },
  ],
  heads,
};
const exits = [
  { cutPoint: "a", head: "one", policy: "top1", threshold: 0.5 },
  { cutPoint: "b", head: "one", policy: "top1", threshold: 0.5 },
];

test("a plan's mean is as far off as its latencies are together, by how often each is met", () => {
  // Leaving at a takes 0.6 ± 0.03, at b 1.3 ± 0.06, at the end 2.3 ± 0.07: 0.5, 0.3 and 0.2 of them, 1.15 ± 0.047.
  const { meanMs, speedup } = predictedInterval({ exits }, [0.5, 0.3, 0.2], profile)!;
  expect(meanMs[0]).toBeCloseTo(1.103, 9);
  expect(meanMs[1]).toBeCloseTo(1.197, 9);
  // The backbone's 2 ms are what it is compared with, whatever its own interval.
  expect(speedup[0]).toBeCloseTo(2 / 1.197, 9);
  expect(speedup[1]).toBeCloseTo(2 / 1.103, 9);
});

test("a plan without exits is as far off as the last stage", () => {
  expect(predictedInterval({ exits: [] }, [1], profile)!.meanMs).toEqual([1.96, 2.04]);
});

test("there is none where one of the latencies has none, or is missing", () => {
  const old = { ...profile, heads: [heads[0], { ...heads[1], intervalMs: undefined }] };
  expect(predictedInterval({ exits }, [0.5, 0.3, 0.2], old)).toBeUndefined();
  expect(predictedInterval({ exits: exits.slice(0, 1) }, [0.5, 0.5], old)).toBeDefined();
  expect(predictedInterval({ exits: [{ ...exits[0], head: "two" }] }, [0.5, 0.5], profile)).toBeUndefined();
});

describe("a plan of two networks", () => {
  const small = {
    graphSha256: "small-graph",
    name: "small",
    entry: latency(0.05, 0.01),
    backbone: latency(0.3, 0.01),
    final: latency(0.35, 0.01),
    prefixes: [],
    heads: [],
  };
  const networks = [
    { sha256: "large", graphSha256: "large-graph" },
    { sha256: "small", graphSha256: "small-graph" },
  ];
  const chain = ["small", "large"];
  const ownOutput = { member: "small", cutPoint: "scores", head: "output", policy: "top1", threshold: 0.9 };
  const together = { ...profile, members: [small] };

  test("is as far off as all that a sample goes through", () => {
    // Leaving the small one takes 0.4 ± 0.02; at a in the large one 0.4 + 0.6 ± 0.05; at the end 0.4 + 2.1 ± 0.07.
    const plan = { exits: [ownOutput, exits[0]], chain };
    const { meanMs } = predictedInterval(plan, [0.5, 0.3, 0.2], together, networks)!;
    expect(meanMs[0]).toBeCloseTo(0.5 * 0.38 + 0.3 * 0.95 + 0.2 * 2.43, 9);
    expect(meanMs[1]).toBeCloseTo(0.5 * 0.42 + 0.3 * 1.05 + 0.2 * 2.57, 9);
    const [leaving, within, end] = planPaths(plan, together, networks)!;
    expect(pathMs(leaving)).toBeCloseTo(0.4, 9);
    expect(pathMs(within)).toBeCloseTo(1, 9);
    expect(pathMs(end)).toBeCloseTo(2.5, 9);
  });

  test("has none where the profile or the caller doesn't know one of them", () => {
    const plan = { exits: [ownOutput], chain };
    expect(predictedInterval(plan, [0.5, 0.5], profile, networks)).toBeUndefined();
    expect(predictedInterval(plan, [0.5, 0.5], together)).toBeUndefined();
    expect(predictedInterval({ exits: [], chain: ["small"] }, [1], together, networks)!.meanMs).toEqual([
      expect.closeTo(0.38, 9),
      expect.closeTo(0.42, 9),
    ]);
  });
});
