import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../base/random.ts";
import { type PlacedExit, sweepSize, sweptExits } from "../../evaluate/sweep.ts";
import { planBytes, type SearchSpace } from "../../space/search-space.ts";
import { ragbagSpace, syntheticSpace } from "../../space/testing/synthetic-space.ts";
import { thresholdGrid } from "../../space/threshold-grid.ts";
import { placementKey } from "../engine/plan-variation.ts";
import { neighbourSweeps, pairSweeps } from "./neighbourhood.ts";

/** Every plan of at least one exit, by brute force. */
function allPlans(space: SearchSpace, maxBytes: number): PlacedExit[][] {
  const grid = thresholdGrid(space);
  const plans: PlacedExit[][] = [];
  const extend = (plan: PlacedExit[], position: number) => {
    const chosen = plan.map(({ candidate }) => candidate);
    if (planBytes(space, chosen) > maxBytes) return;
    if (plan.length > 0) plans.push(plan);
    if (plan.length === space.maxExits) return;
    for (const [candidate, other] of space.candidates.entries()) {
      if (other.position <= position) continue;
      for (const level of grid[candidate].keys()) extend([...plan, { candidate, level }], other.position);
    }
  };
  extend([], Number.NEGATIVE_INFINITY);
  return plans;
}

/** Whether one plan becomes the other by changing, adding or dropping one exit in its place. */
function isOneChangeAway(plan: readonly PlacedExit[], other: readonly PlacedExit[]): boolean {
  const [a, b] = [plan, other].map((exits) => exits.map((exit) => placementKey([exit])));
  const without = (keys: string[], at: number) => keys.toSpliced(at, 1).join(" ");
  if (a.length === b.length) return a.some((_, at) => without(a, at) === without(b, at));
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return long.some((_, at) => without(long, at) === short.join(" "));
}

test("the neighbourhood holds every plan one change away, and none that isn't allowed", () => {
  const shape = { samples: 6, positions: 4, maxExits: 3, levels: 3 };
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 11, max: 20 }), (seed, maxBytes) => {
      const space = ragbagSpace(seededRandom(seed), shape);
      const grid = thresholdGrid(space);
      const bounds = { space, grid, useCase: { latency: "mean" as const, maxBytes } };
      const plans = allPlans(space, maxBytes);
      if (plans.length === 0) return;
      const allowed = new Set(plans.map(placementKey));
      const plan = plans[seed % plans.length];
      const swept = new Set<string>();
      for (const sweep of neighbourSweeps(bounds, plan))
        for (let k = 0; k < sweepSize(sweep, grid); k++) swept.add(placementKey(sweptExits(sweep, k, grid)));
      for (const key of swept) expect(allowed).toContain(key);
      for (const other of plans)
        if (isOneChangeAway(plan, other)) expect(swept).toContain(placementKey(other));
    }),
    { numRuns: 100 },
  );
});

test("of the backbone alone it is all plans of one exit", () => {
  const space = syntheticSpace(seededRandom(1), { samples: 20, positions: 3, maxExits: 2, levels: 4 });
  const bounds = { space, grid: thresholdGrid(space), useCase: { latency: "mean" as const } };
  expect([...neighbourSweeps(bounds, [])].map(({ candidate, toLevel }) => [candidate, toLevel])).toEqual([
    [0, 4],
    [1, 4],
    [2, 4],
  ]);
});

test("pairs are all plans of up to two exits, and fewer where candidates are many", () => {
  const space = ragbagSpace(seededRandom(3), { samples: 6, positions: 4, maxExits: 2, levels: 3 });
  const grid = thresholdGrid(space);
  const swept = new Set<string>();
  for (const sweep of pairSweeps({ space, grid, useCase: { latency: "mean" } }))
    for (let k = 0; k < sweepSize(sweep, grid); k++) swept.add(placementKey(sweptExits(sweep, k, grid)));
  const every = allPlans(space, Number.POSITIVE_INFINITY).map(placementKey);
  expect([...swept].sort()).toEqual(every.sort());

  const many = syntheticSpace(seededRandom(1), { samples: 4, positions: 150, maxExits: 2, levels: 2 });
  const sweeps = [...pairSweeps({ space: many, grid: thresholdGrid(many), useCase: { latency: "mean" } })];
  // Every sixth of 150 candidates: 25 of them have 300 pairs.
  expect(sweeps.filter(({ kind }) => kind === "two-exits")).toHaveLength(300);
  expect(sweeps).toHaveLength(300 + 150);
});
