import { expect, test } from "vitest";
import { fromPlanExits, toPlanExits } from "../space/plan-exits.ts";
import type { Candidate, SearchSpace } from "../space/search-space.ts";
import { evaluatePlan, routeSamples } from "./evaluate-plan.ts";

const shared = { head: "linear", policy: "top1" };
const candidates: Candidate[] = [
  {
    ...shared,
    position: 0,
    cutPoint: "early",
    prefixMs: 2,
    headMs: 0.5,
    prefixMacs: 20,
    headMacs: 5,
    headBytes: 7,
    confidence: Float32Array.of(0.9, 0.9, 0.4, 0.3),
    correct: Uint8Array.of(1, 0, 1, 0),
  },
  {
    ...shared,
    position: 3,
    cutPoint: "late",
    prefixMs: 6,
    headMs: 0.25,
    prefixMacs: 60,
    headMacs: 5,
    headBytes: 11,
    confidence: Float32Array.of(0.9, 0.2, 0.8, 0.6),
    correct: Uint8Array.of(1, 1, 0, 0),
  },
];
const space: SearchSpace = {
  samples: 4,
  candidates,
  backboneCorrect: Uint8Array.of(1, 1, 1, 0),
  backboneMs: 10,
  backboneMacs: 100,
  backboneBytes: 1000,
  maxExits: 2,
  levels: 4,
};

test("the backbone alone", () => {
  expect(evaluatePlan(space, [])).toEqual({
    accuracy: 0.75,
    lostRate: 0,
    latencyMs: { mean: 10, p50: 10, p95: 10, worst: 10 },
    exitRates: [1],
    macs: 100,
    bytes: 1000,
  });
});

test("two exits: samples 0 and 1 leave early, 2 late, 3 at the end", () => {
  const exits = [
    { candidate: 0, threshold: 0.5 },
    { candidate: 1, threshold: 0.7 },
  ];
  const { exit, correct } = routeSamples(space, exits);
  expect([...exit]).toEqual([0, 0, 1, 2]);
  expect([...correct]).toEqual([1, 0, 0, 0]);
  // 2 + 0.5 twice, 6 + 0.5 + 0.25, 10 + 0.5 + 0.25.
  expect(evaluatePlan(space, exits)).toEqual({
    accuracy: 0.25,
    // Samples 1 and 2.
    lostRate: 0.5,
    latencyMs: { mean: (2.5 + 2.5 + 6.75 + 10.75) / 4, p50: 2.5, p95: 10.75, worst: 10.75 },
    exitRates: [0.5, 0.25, 0.25],
    macs: (25 + 25 + 70 + 110) / 4,
    bytes: 1018,
  });
});

test("a confidence that equals the threshold as float32 is enough", () => {
  // As float64, 0.9 is above its float32 neighbour 0.89999998.
  expect([...routeSamples(space, [{ candidate: 0, threshold: 0.9 }]).exit]).toEqual([0, 0, 1, 1]);
});

test("exits out of order are refused by name", () => {
  const exits = [
    { candidate: 1, threshold: 0.5 },
    { candidate: 0, threshold: 0.5 },
  ];
  expect(() => evaluatePlan(space, exits)).toThrow("exit at early has to come before the one at late");
});

test("exits keep their names to the plan file and back", () => {
  const exits = [{ candidate: 1, threshold: 0.5 }];
  const named = toPlanExits(space, exits);
  expect(named).toEqual([{ cutPoint: "late", head: "linear", policy: "top1", threshold: 0.5 }]);
  expect(fromPlanExits(space, named)).toEqual(exits);
  expect(() => fromPlanExits(space, [{ ...named[0], head: "mlp" }])).toThrow(/exit at late \(head mlp/);
});
