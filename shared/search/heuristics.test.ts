import { expect, test } from "vitest";
import { silentJob } from "../base/job.ts";
import { seededRandom } from "../base/random.ts";
import { syntheticSpace } from "../space/testing/synthetic-space.ts";
import { annealing } from "./annealing/annealing.ts";
import { runSearch } from "./engine/run-search.ts";
import type { SearchAlgorithm } from "./engine/search-algorithm.ts";
import { exact } from "./exact/exact.ts";
import { nsga2 } from "./nsga2/nsga2.ts";
import { randomSearch } from "./random/random-search.ts";

const space = syntheticSpace(seededRandom(2), { samples: 1000, positions: 12, maxExits: 3, levels: 16 });

async function hypervolumeOf(algorithm: SearchAlgorithm, seed: number, budget = 4000): Promise<number> {
  const settings = { useCase: { latency: "mean" as const }, budget, seed };
  return (await runSearch({ space, algorithm, ...settings }, silentJob)).hypervolume;
}

test("with the same budget NSGA-II beats random search and comes near the proven front", async () => {
  const best = await hypervolumeOf(exact, 1, Number.POSITIVE_INFINITY);
  for (const seed of [1, 2, 3]) {
    const evolved = await hypervolumeOf(nsga2, seed);
    expect(evolved).toBeGreaterThan(await hypervolumeOf(randomSearch, seed));
    expect(evolved).toBeGreaterThan(0.98 * best);
    expect(evolved).toBeLessThanOrEqual(best);
  }
});

test("so does annealing", async () => {
  const best = await hypervolumeOf(exact, 1, Number.POSITIVE_INFINITY);
  for (const seed of [1, 2, 3]) {
    const annealed = await hypervolumeOf(annealing, seed);
    expect(annealed).toBeGreaterThan(await hypervolumeOf(randomSearch, seed));
    expect(annealed).toBeGreaterThan(0.97 * best);
    expect(annealed).toBeLessThanOrEqual(best);
  }
});
