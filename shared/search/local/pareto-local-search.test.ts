import { describe, expect, test } from "vitest";
import { silentJob } from "../../base/job.ts";
import { seededRandom } from "../../base/random.ts";
import type { SweepResult } from "../../evaluate/sweep.ts";
import { hypervolume } from "../../pareto/hypervolume.ts";
import type { PlanPoint } from "../../pareto/pareto-front.ts";
import { referencePoint } from "../../space/reference-point.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import { syntheticSpace } from "../../space/testing/synthetic-space.ts";
import { runSearch } from "../engine/run-search.ts";
import type { SearchAlgorithm } from "../engine/search-algorithm.ts";
import { exact } from "../exact/exact.ts";
import { nsga2 } from "../nsga2/nsga2.ts";
import { paretoLocalSearch } from "./pareto-local-search.ts";

const shape = { samples: 1000, positions: 12, maxExits: 3, levels: 16 };

describe.each([
  ["all samples", {}],
  ["a tenth of them first", { coarseSamples: 100 }],
])("on %s", (_, options) => {
  test.each(["mean", "p50", "p95"] as const)(
    "finds nearly all of the proven front by %s latency",
    async (latency) => {
      const space = syntheticSpace(seededRandom(2), shape);
      const settings = { useCase: { latency }, budget: 100_000, seed: 1 };
      const endless = { ...settings, budget: Number.POSITIVE_INFINITY };
      const { hypervolume: best } = await runSearch({ space, algorithm: exact, ...endless }, silentJob);
      const found = await runSearch({ space, algorithm: paretoLocalSearch, ...settings, options }, silentJob);
      expect(found.hypervolume).toBeLessThanOrEqual(best);
      expect(found.hypervolume).toBeGreaterThan((latency === "mean" ? 0.999 : 0.99) * best);
    },
  );

  test("beats NSGA-II with fewer passes over all samples", async () => {
    const space = syntheticSpace(seededRandom(3), { ...shape, positions: 30, maxExits: 6 });
    for (const seed of [1, 2]) {
      let passes = 0;
      const settings = { useCase: { latency: "mean" as const }, budget: 80_000, seed };
      const observer = { evaluated: () => passes++, paused: () => {} };
      const task = { space, algorithm: paretoLocalSearch, ...settings, options, observer };
      const local = await runSearch(task, silentJob);
      const evolved = await runSearch({ space, algorithm: nsga2, ...settings, budget: 8000 }, silentJob);
      expect(passes).toBeLessThan(evolved.evaluations);
      expect(local.hypervolume).toBeGreaterThan(evolved.hypervolume);
    }
  });
});

test("has a better front after 50 passes over all samples than NSGA-II after 200", async () => {
  const space = syntheticSpace(seededRandom(5), { ...shape, samples: 8000, positions: 40, maxExits: 8 });
  const early = await hypervolumeAfter(50, space, paretoLocalSearch, { coarseSamples: 800 });
  expect(early).toBeGreaterThan(await hypervolumeAfter(200, space, nsga2));
});

/** Of all plans that the first so many passes over the samples have told of. */
async function hypervolumeAfter(
  passes: number,
  space: SearchSpace,
  algorithm: SearchAlgorithm,
  options = {},
): Promise<number> {
  const points: PlanPoint[] = [];
  let told = 0;
  const evaluated = ({ entries, right, latencyMs }: SweepResult) => {
    for (let entry = 0; told < passes && entry < entries; entry++)
      points.push({ accuracy: right[entry] / space.samples, latencyMs: latencyMs[entry] });
    told++;
  };
  const settings = { useCase: { latency: "mean" as const }, budget: 3000, seed: 1, options };
  const observer = { evaluated, paused: () => {} };
  await runSearch({ space, algorithm, ...settings, observer }, silentJob);
  expect(told).toBeGreaterThanOrEqual(passes);
  return hypervolume(points, referencePoint(space));
}

test("goes on from a front whose neighbourhoods are all known", async () => {
  const space = syntheticSpace(seededRandom(1), { samples: 60, positions: 3, maxExits: 2, levels: 2 });
  const settings = { useCase: { latency: "mean" as const }, budget: 5000, seed: 1 };
  const found = await runSearch({ space, algorithm: paretoLocalSearch, ...settings }, silentJob);
  expect(found.evaluations).toBeGreaterThan(4900);
  const endless = { ...settings, budget: Number.POSITIVE_INFINITY };
  expect(found.hypervolume).toBe(
    (await runSearch({ space, algorithm: exact, ...endless }, silentJob)).hypervolume,
  );
});
