import { expect, test } from "vitest";
import { flowWidth, reachingShares } from "./flow.ts";

test("samples leave at the exits' cut points", () => {
  // Exits at cut points 0 and 2 of 4: a half leaves, then three tenths.
  expect(reachingShares(5, [0, 2], [0.5, 0.3, 0.2])).toEqual([1, 0.5, 0.5, 0.2, 0.2]);
  expect(reachingShares(3, [], [1])).toEqual([1, 1, 1]);
});

test("lines are as wide as their share, but never vanish", () => {
  expect(flowWidth(1)).toBe(10);
  expect(flowWidth(0.38)).toBeCloseTo(3.8);
  expect(flowWidth(0.01)).toBe(1.5);
  expect(flowWidth(undefined)).toBe(3);
});
