import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../base/random.ts";
import { planBytes, type SearchSpace } from "../../space/search-space.ts";
import { ragbagSpace, syntheticSpace } from "../../space/testing/synthetic-space.ts";
import { thresholdGrid } from "../../space/threshold-grid.ts";
import { createPlanVariation, type Placement } from "./plan-variation.ts";
import { createProgress } from "./search-progress.ts";

function variationOf(space: SearchSpace, seed: number, maxBytes?: number) {
  return createPlanVariation({
    space,
    grid: thresholdGrid(space),
    codes: [],
    useCase: { latency: "mean", maxBytes },
    goal: "front",
    budget: 1,
    random: seededRandom(seed),
    target: {
      dominates: () => false,
      beats: () => false,
      gap: () => 1,
      ceiling: () => 0,
      bestRight: () => undefined,
    },
    frontier: {},
    progress: createProgress(),
    noteWork: () => {},
  });
}

function expectPlan(space: SearchSpace, plan: Placement, maxBytes: number): void {
  const positions = plan.map((exit) => space.candidates[exit.candidate].position);
  expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
  expect(plan.length).toBeGreaterThanOrEqual(1);
  expect(plan.length).toBeLessThanOrEqual(space.maxExits);
  expect(
    planBytes(
      space,
      plan.map((exit) => exit.candidate),
    ),
  ).toBeLessThanOrEqual(maxBytes);
  const grid = thresholdGrid(space);
  for (const { candidate, level } of plan) expect(grid[candidate][level]).toBeDefined();
}

test("whatever is drawn, mutated or crossed is a plan", () => {
  const shape = { samples: 12, positions: 5, maxExits: 3, levels: 5 };
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 10, max: 16 }), (seed, maxBytes) => {
      const space = ragbagSpace(seededRandom(seed), shape);
      const variation = variationOf(space, seed, maxBytes);
      if (!variation) {
        for (const { headBytes } of space.candidates)
          expect(space.backboneBytes + headBytes).toBeGreaterThan(maxBytes);
        return;
      }
      let plan = variation.draw();
      for (let step = 0; step < 20; step++) {
        expectPlan(space, plan, maxBytes);
        plan = variation.cross(variation.mutate(plan), variation.draw());
      }
    }),
  );
});

test("mutation alone reaches every plan of a small space", () => {
  const space = syntheticSpace(seededRandom(1), { samples: 30, positions: 3, maxExits: 2, levels: 2 });
  const variation = variationOf(space, 5)!;
  const seen = new Set<string>();
  let plan = variation.draw();
  for (let step = 0; step < 2000; step++) {
    plan = variation.mutate(plan);
    seen.add(JSON.stringify(plan));
  }
  // Three positions of two levels, and three pairs of four.
  expect(seen.size).toBe(3 * 2 + 3 * 4);
});
