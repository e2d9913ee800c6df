import { expect, it } from "vitest";
import type { PlanExit } from "../../model/plan.ts";
import { leavingCount, thresholdFor } from "./matched-threshold.ts";
import { randomSpace } from "./testing/random-space.ts";

const space = randomSpace(6, 2, 1);
const [early, late] = space.candidates;
early.confidence.set([0.9, 0.8, 0.1, 0.2, 0.3, 0.4]);
late.confidence.set([0.99, 0.98, 0.5, 0.6, 0.7, 0.8]);
const exitAt = (cutPoint: string, threshold: number): PlanExit => ({
  cutPoint,
  head: "linear",
  policy: "top1",
  threshold,
});
const first = exitAt("cut 0", 0.5);

it("counts those that leave among those that reach", () => {
  expect(leavingCount(space, [first], first)).toBe(2);
  // Samples 0 and 1 have left; of 2 to 5 two reach 0.7.
  expect(leavingCount(space, [first], exitAt("cut 1", 0.7))).toBe(2);
  expect(leavingCount(space, [], exitAt("cut 1", 0.7))).toBe(4);
  expect(leavingCount(space, [], { ...first, head: "gone" })).toBeUndefined();
});

it("finds the threshold for as many, half of those that reach if nothing is said", () => {
  expect(thresholdFor(space, [first], late)).toBeCloseTo(0.7, 6);
  expect(thresholdFor(space, [first], late, 3)).toBeCloseTo(0.6, 6);
  expect(thresholdFor(space, [first], late, 99)).toBeCloseTo(0.5, 6);
  expect(thresholdFor(space, [first], late, 0)).toBeCloseTo(0.8, 6);
  expect(thresholdFor(space, [exitAt("cut 0", 0)], late)).toBe(1);
});
