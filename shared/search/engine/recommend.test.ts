import { expect, test } from "vitest";
import { countSamples, evaluatePlan } from "../../evaluate/evaluate-plan.ts";
import { referencePoint } from "../../space/reference-point.ts";
import type { Candidate, SearchSpace } from "../../space/search-space.ts";
import type { FrontPoint } from "./front-point.ts";
import { recommend } from "./recommend.ts";

const samples = 200;
const firstRight = (count: number) => Uint8Array.from({ length: samples }, (_, i) => (i < count ? 1 : 0));

/** A head at which everybody leaves at threshold 0. */
function head(position: number, prefixMs: number, right: number): Candidate {
  return {
    position,
    cutPoint: `cut-${position}`,
    head: "linear",
    policy: "top1",
    prefixMs,
    headMs: 0,
    prefixMacs: 0,
    headMacs: 0,
    headBytes: 100,
    confidence: new Float32Array(samples).fill(0.5),
    correct: firstRight(right),
  };
}

// Accuracies 0.8, 0.9 and 0.915; the backbone's is 0.92.
const space: SearchSpace = {
  samples,
  candidates: [head(0, 2, 160), head(1, 5, 180), head(2, 8, 183)],
  backboneCorrect: firstRight(184),
  backboneMs: 10,
  backboneMacs: 0,
  backboneBytes: 1000,
  maxExits: 1,
  levels: 1,
};
const front = [[0], [1], [2], []].map((candidates): FrontPoint => {
  const exits = candidates.map((candidate) => ({ candidate, threshold: 0 }));
  const { accuracy, latencyMs } = evaluatePlan(space, exits);
  return { exits, right: countSamples(space, exits).right, accuracy, latencyMs: latencyMs.mean };
});

test("an accuracy constraint asks for the fastest plan that keeps it", () => {
  const floor = recommend(space, front, { latency: "mean", minAccuracy: 0.9 });
  expect(floor).toEqual({
    point: front[1],
    figures: evaluatePlan(space, front[1].exits),
    feasible: true,
    misses: [],
  });
  expect(recommend(space, front, { latency: "mean", maxDropPp: 2 }).point).toBe(front[1]);
  expect(recommend(space, front, { latency: "p95", maxDropPp: 0 }).point).toBe(front[3]);
});

test("a latency budget alone asks for the most accurate plan within", () => {
  expect(recommend(space, front, { latency: "mean", maxLatencyMs: 8 }).point).toBe(front[2]);
});

test("without a wish, half a point may be lost", () => {
  expect(recommend(space, front, { latency: "mean" }).point).toBe(front[2]);
});

test("where nothing meets the constraints, the nearest plan says what it misses", () => {
  // Violations: 5/4 - 1 and 8/4 - 1 in latency, 1 - 0.8/0.9 in accuracy for the fast one: that is the least.
  const { point, feasible, misses } = recommend(space, front, {
    latency: "mean",
    minAccuracy: 0.9,
    maxLatencyMs: 4,
  });
  expect([point, feasible]).toEqual([front[0], false]);
  expect(misses).toEqual([{ constraint: "minAccuracy", wanted: 0.9, got: 0.8 }]);
  const small = recommend(space, front, { latency: "mean", maxDropPp: 0.5, maxBytes: 500 });
  expect(small.point).toBe(front[3]);
  expect(small.misses).toEqual([{ constraint: "maxBytes", wanted: 500, got: 1000 }]);
});

test("the reference point is the backbone's latency and the worst classifier's accuracy", () => {
  expect(referencePoint(space)).toEqual({ right: 160, accuracy: 0.8, latencyMs: 10 });
  expect(referencePoint({ ...space, candidates: [] })).toEqual({ right: 184, accuracy: 0.92, latencyMs: 10 });
});
