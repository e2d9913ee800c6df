import { expect, test } from "vitest";
import { silentJob } from "../base/job.ts";
import { seededRandom } from "../base/random.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import { syntheticSpace } from "../space/testing/synthetic-space.ts";
import { thresholdLevels } from "../space/threshold-grid.ts";
import { recommend } from "./engine/recommend.ts";
import { runSearch } from "./engine/run-search.ts";
import { exact } from "./exact/exact.ts";
import { refineThresholds } from "./refine-thresholds.ts";

const useCase = { latency: "mean" as const, maxDropPp: 1 };
const settings = { useCase, goal: "best" as const, budget: Number.POSITIVE_INFINITY, seed: 1 };

test("off a coarse grid a plan gets faster and still keeps to the use case", async () => {
  const space = syntheticSpace(seededRandom(1), { samples: 2000, positions: 8, maxExits: 3, levels: 8 });
  const { front } = await runSearch({ space, algorithm: exact, ...settings }, silentJob);
  const { point } = recommend(space, front, useCase);
  const refined = await refineThresholds(space, point.exits, useCase, silentJob);
  const { accuracy, latencyMs } = evaluatePlan(space, refined);
  const backbone = evaluatePlan(space, []).accuracy;
  expect(accuracy).toBeGreaterThanOrEqual(backbone - 0.01);
  expect(latencyMs.mean).toBeLessThan(0.98 * point.latencyMs);
  expect(refined.map(({ candidate }) => candidate)).toEqual(point.exits.map(({ candidate }) => candidate));
});

test("limits on how samples spread hold off the grid as well", async () => {
  const space = syntheticSpace(seededRandom(1), { samples: 2000, positions: 8, maxExits: 3, levels: 8 });
  const { front } = await runSearch({ space, algorithm: exact, ...settings }, silentJob);
  const { point, figures } = recommend(space, front, useCase);
  const maxBackboneRate = 0.9 * figures.exitRates[point.exits.length];
  const limited = { ...useCase, maxDropPp: 3, maxBackboneRate };
  const { front: within } = await runSearch(
    { space, algorithm: exact, ...settings, useCase: limited },
    silentJob,
  );
  const found = recommend(space, within, limited);
  const refined = evaluatePlan(space, await refineThresholds(space, found.point.exits, limited, silentJob));
  expect(found.feasible).toBe(true);
  expect(refined.exitRates[refined.exitRates.length - 1]).toBeLessThanOrEqual(maxBackboneRate);
  expect(refined.latencyMs.mean).toBeLessThan(found.point.latencyMs);
});

test("of a single exit it finds the very best threshold", async () => {
  for (const seed of [1, 2, 3]) {
    const space = syntheticSpace(seededRandom(seed), { samples: 300, positions: 1, maxExits: 1, levels: 4 });
    const all = thresholdLevels(space.candidates[0].confidence, space.samples);
    const plans = [...all].map((threshold) => [{ candidate: 0, threshold }]);
    const points = plans.map((exits) => {
      const { accuracy, latencyMs } = evaluatePlan(space, exits);
      return { exits, accuracy, latencyMs: latencyMs.mean };
    });
    const wanted = recommend(space, points, useCase).figures;
    const refined = await refineThresholds(space, [{ candidate: 0, threshold: 2 }], useCase, silentJob);
    expect(evaluatePlan(space, refined).latencyMs.mean).toBe(wanted.latencyMs.mean);
  }
});
