import fc from "fast-check";
import { expect, test } from "vitest";
import { silentJob } from "../base/job.ts";
import { seededRandom } from "../base/random.ts";
import { evaluatePlan, routeSamples } from "../evaluate/evaluate-plan.ts";
import { chooseForUseCase, recommend } from "../search/engine/recommend.ts";
import { runSearch } from "../search/engine/run-search.ts";
import { exact } from "../search/exact/exact.ts";
import { refineThresholds } from "../search/refine-thresholds.ts";
import { expandWeights } from "./expand-weights.ts";
import { wholeWeights } from "./sample-weights.ts";
import type { SearchSpace } from "./search-space.ts";
import { ragbagSpace, syntheticSpace } from "./testing/synthetic-space.ts";
import type { ThresholdedExit } from "./thresholded-exit.ts";

const unlimited = { budget: Number.POSITIVE_INFINITY, seed: 1 };

/** Every third sample weighs five times as much. */
function weightedSpace(seed: number): SearchSpace {
  const space = syntheticSpace(seededRandom(seed), { samples: 300, positions: 5, maxExits: 2, levels: 8 });
  const weights = wholeWeights(Array.from({ length: 300 }, (_, sample) => (sample % 3 === 0 ? 5 : 1)));
  return { ...space, weights };
}

test("a plan's figures are weighted means over its samples", () => {
  const space = weightedSpace(1);
  const { counts, total } = space.weights!;
  const exits = [{ candidate: 2, threshold: 0.9 }];
  const { exit, correct } = routeSamples(space, exits);
  const mean = (value: (sample: number) => number) =>
    counts.reduce((sum, count, sample) => sum + count * value(sample), 0) / total;
  const figures = evaluatePlan(space, exits);
  const { prefixMs, headMs } = space.candidates[2];
  expect(total).toBe(700);
  expect(figures.accuracy).toBeCloseTo(
    mean((sample) => correct[sample]),
    12,
  );
  expect(figures.exitRates[0]).toBeCloseTo(
    mean((sample) => 1 - exit[sample]),
    12,
  );
  const latencyMs = mean((sample) => headMs + (exit[sample] === 0 ? prefixMs : space.backboneMs));
  expect(figures.latencyMs.mean).toBeCloseTo(latencyMs, 12);
});

test("a search of the weighted samples is one of as many equal ones, and its figures are the plans' own", async () => {
  const seeds = fc.integer({ min: 0, max: 1000 });
  await fc.assert(
    fc.asyncProperty(seeds, fc.constantFrom("mean" as const, "p95" as const), async (seed, latency) => {
      const random = seededRandom(seed);
      const plain = ragbagSpace(random, { samples: 30, positions: 4, maxExits: 3, levels: 4 });
      const weights = wholeWeights(Array.from({ length: 30 }, () => Math.floor(3 * random()) || 1));
      const space = { ...plain, weights };
      const settings = { useCase: { latency, maxBackboneRate: 0.8 }, ...unlimited };
      const { front, ...rest } = await runSearch({ space, algorithm: exact, ...settings }, silentJob);
      expect({ front, ...rest }).toEqual(
        await runSearch({ space: expandWeights(space), algorithm: exact, ...settings }, silentJob),
      );
      for (const { exits, accuracy, latencyMs } of front) {
        const figures = evaluatePlan(space, exits);
        expect(figures).toEqual(evaluatePlan(expandWeights(space), exits));
        expect([figures.accuracy, figures.latencyMs[latency]]).toEqual([accuracy, latencyMs]);
      }
    }),
    { numRuns: 60 },
  );
});

test("the best plan is best for its own weights, and another one for others", async () => {
  const even = syntheticSpace(seededRandom(5), { samples: 1500, positions: 6, maxExits: 2, levels: 16 });
  const isHard = (sample: number) => even.candidates[0].confidence[sample] < 0.8;
  const weights = wholeWeights(Array.from({ length: 1500 }, (_, sample) => (isHard(sample) ? 8 : 1)));
  const weighted = { ...even, weights };
  const useCase = { latency: "mean" as const, maxDropPp: 0.5 };
  const plans: (readonly ThresholdedExit[])[] = [];
  for (const space of [even, weighted]) {
    const { front } = await runSearch(
      { space, algorithm: exact, useCase, goal: "best", ...unlimited },
      silentJob,
    );
    const { point } = recommend(space, front, useCase);
    plans.push(await refineThresholds(space, point.exits, useCase, silentJob));
  }
  expect(plans[0]).not.toEqual(plans[1]);
  for (const [index, space] of [even, weighted].entries()) {
    const judged = plans.map((exits) => ({ exits, figures: evaluatePlan(space, exits) }));
    const chosen = chooseForUseCase(judged, useCase, evaluatePlan(space, []).accuracy);
    expect([chosen.feasible, chosen.plan.exits]).toEqual([true, plans[index]]);
  }
});

test("weights that are too few are refused", () => {
  const space = { ...weightedSpace(1), weights: wholeWeights([1, 2]) };
  return expect(
    runSearch({ space, algorithm: exact, useCase: { latency: "mean" }, ...unlimited }, silentJob),
  ).rejects.toThrow("the list of weights has 2 samples, expected 300");
});
