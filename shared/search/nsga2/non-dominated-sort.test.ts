import { expect, test } from "vitest";
import { crowdingDistances, nonDominatedSort } from "./non-dominated-sort.ts";

const items = [
  { wrong: 4, latencyMs: 1 },
  { wrong: 1, latencyMs: 5 },
  { wrong: 3, latencyMs: 2 },
  { wrong: 4, latencyMs: 2 }, // behind 0 and 2
  { wrong: 5, latencyMs: 3 }, // behind 3 as well
  { wrong: 3, latencyMs: 2 }, // the same as 2
];

test("sorts into fronts; equals share one", () => {
  expect(nonDominatedSort(items)).toEqual([[0, 1, 2, 5], [3], [4]]);
  expect(nonDominatedSort([])).toEqual([]);
});

test("distances are the sides of the box between the neighbours", () => {
  // Along the front 0, 2, 1: (4 - 1) / 3 in errors and (5 - 1) / 4 in latency.
  expect(crowdingDistances(items, [0, 1, 2])).toEqual([
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    2,
  ]);
  const lone = crowdingDistances(items, [3]);
  expect(lone).toEqual([Number.POSITIVE_INFINITY]);
});
