import { expect, test } from "vitest";
import { groupMean, groupPercentile } from "./latency-measure.ts";

test("the mean weighs each cost with its samples", () => {
  expect(groupMean([3, 1], [2, 10], 2, 4)).toBe(4);
});

test("a percentile is the smallest cost that enough samples don't exceed", () => {
  const counts = [94, 1, 5];
  const costs = [1, 3, 2];
  expect(groupPercentile(counts, costs, 3, 100, 50)).toBe(1);
  expect(groupPercentile(counts, costs, 3, 100, 94)).toBe(1);
  expect(groupPercentile(counts, costs, 3, 100, 95)).toBe(2);
  expect(groupPercentile(counts, costs, 3, 100, 99)).toBe(2);
  expect(groupPercentile(counts, costs, 3, 100, 100)).toBe(3);
});

test("groups without samples don't count", () => {
  expect(groupPercentile([0, 7, 0], [1, 4, 9], 3, 7, 100)).toBe(4);
});
