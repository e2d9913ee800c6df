import { expect, it } from "vitest";
import { silentJob } from "../base/job.ts";
import { seededRandom, shuffle } from "../base/random.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import { recommend } from "../search/engine/recommend.ts";
import { runSearch } from "../search/engine/run-search.ts";
import { exact } from "../search/exact/exact.ts";
import { accuracyOf } from "../space/reference-point.ts";
import { wholeWeights } from "../space/sample-weights.ts";
import type { SearchSpace } from "../space/search-space.ts";
import { takeSamples } from "../space/split-space.ts";
import { syntheticSpace } from "../space/testing/synthetic-space.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";
import { poolHalves } from "./pool-halves.ts";

/** One exit, 0.4 ms to leave at, 1.1 ms to pass it and 1 ms without it. */
function space(
  confidence: readonly number[],
  correct: readonly number[],
  backbone: readonly number[],
): SearchSpace {
  return {
    samples: confidence.length,
    candidates: [
      {
        position: 0,
        cutPoint: "cut",
        head: "linear",
        policy: "top1",
        prefixMs: 0.3,
        headMs: 0.1,
        prefixMacs: 10,
        headMacs: 1,
        headBytes: 4,
        confidence: Float32Array.from(confidence),
        correct: Uint8Array.from(correct),
      },
    ],
    backboneCorrect: Uint8Array.from(backbone),
    backboneMs: 1,
    backboneMacs: 100,
    backboneBytes: 400,
    maxExits: 1,
    levels: 4,
  };
}

const all = space([0.9, 0.2, 0.6, 0.4, 0.9, 0.9, 0.9], [1, 0, 0, 1, 1, 1, 1], [1, 1, 1, 0, 1, 0, 1]);
const first = takeSamples(all, Uint32Array.of(0, 1, 2, 3));
const second = takeSamples(all, Uint32Array.of(4, 5, 6));
/** Samples 0 and 2 leave early, and the latter's answer is lost; the second part takes the backbone alone. */
const parts = [
  { space: first, exits: [{ candidate: 0, threshold: 0.5 }] },
  { space: second, exits: [] },
];

it("counts every sample once, under the plan of the other half", () => {
  const pooled = poolHalves(parts, all, 1);
  // 2 of 4 and 2 of 3 are right, where the backbone has 3 and 2.
  expect(pooled.accuracy).toBeCloseTo(4 / 7, 12);
  expect(pooled.backboneAccuracy).toBeCloseTo(5 / 7, 12);
  expect(pooled.accuracyDropPp).toBeCloseTo(100 / 7, 10);
  // One sample of seven changes: 1.959964 * sqrt((1/7 - 1/49) / 7).
  expect(pooled.accuracyDropHalfWidthPp).toBeCloseTo(25.9226, 3);
  // 2 of 0.4 ms, 2 of 1.1 ms, 3 of 1 ms.
  expect(pooled.latencyMs.mean).toBeCloseTo(6 / 7, 6);
  expect(pooled.latencyMs).toMatchObject({ p50: 1, p95: 1.1, worst: 1.1 });
  expect(pooled.speedup).toBeCloseTo(7 / 6, 6);
  expect(pooled.weighted).toBeUndefined();
});

it("weighs samples as all of them together are weighed", () => {
  const weights = wholeWeights([3, 1, 1, 1, 1, 1, 1])!;
  const pooled = poolHalves(parts, { ...all, weights }, 1);
  // Sample 0 counts three times: 6 of 9 are right, and of the backbone 7.
  expect(pooled.accuracy).toBeCloseTo(6 / 9, 12);
  expect(pooled.backboneAccuracy).toBeCloseTo(7 / 9, 12);
  // 4 of 0.4 ms, 2 of 1.1 ms, 3 of 1 ms.
  expect(pooled.latencyMs.mean).toBeCloseTo(6.8 / 9, 6);
  expect(pooled.weighted).toMatchObject({ unweighted: { plan: 4 / 7, backbone: 5 / 7 } });
  // Kish: 9² / (3² + 6).
  expect(pooled.weighted!.effectiveSamples).toBeCloseTo(81 / 15, 12);
});

it("refuses parts that aren't all samples", () => {
  expect(() => poolHalves(parts.slice(1), all, 1)).toThrow("parts of 3 samples, expected 7");
});

const useCase = { latency: "mean" as const, maxDropPp: 1 };

async function chosenOn(samples: SearchSpace): Promise<readonly ThresholdedExit[]> {
  const task = { space: samples, algorithm: exact, useCase, budget: Number.POSITIVE_INFINITY, seed: 1 };
  const { front } = await runSearch(task, silentJob);
  return recommend(samples, front, useCase).point.exits;
}

function dropPp(samples: SearchSpace, exits: readonly ThresholdedExit[]): number {
  return 100 * (accuracyOf(samples, samples.backboneCorrect) - evaluatePlan(samples, exits).accuracy);
}

function spread(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, standardError: Math.sqrt(variance / values.length) };
}

it("says without bias what plans of the halves do on other samples, where the chosen plan flatters itself", async () => {
  const random = seededRandom(7);
  // What 1000 samples are drawn from: its figures are the truth.
  const world = syntheticSpace(random, { positions: 4, samples: 40_000, maxExits: 2, levels: 16 });
  const order = Uint32Array.from({ length: world.samples }, (_, sample) => sample);
  const errors: { readonly naive: number[]; readonly pooled: number[] } = { naive: [], pooled: [] };
  let covered = 0;
  const draws = 60;
  for (let draw = 0; draw < draws; draw++) {
    const drawn = shuffle(order, random).slice(0, 1000);
    const [one, other, both] = [drawn.subarray(0, 500), drawn.subarray(500), drawn].map((own) =>
      takeSamples(world, own),
    );
    const [ofOne, ofOther, written] = [await chosenOn(one), await chosenOn(other), await chosenOn(both)];
    const pooled = poolHalves(
      [
        { space: one, exits: ofOther },
        { space: other, exits: ofOne },
      ],
      both,
      1,
    );
    const truth = (dropPp(world, ofOne) + dropPp(world, ofOther)) / 2;
    errors.pooled.push(pooled.accuracyDropPp - truth);
    errors.naive.push(dropPp(both, written) - dropPp(world, written));
    if (Math.abs(pooled.accuracyDropPp - truth) <= pooled.accuracyDropHalfWidthPp) covered++;
  }
  const [naive, pooled] = [spread(errors.naive), spread(errors.pooled)];
  // More than half of the point that may be lost is lost on top of what the chosen plan shows of itself.
  expect(naive.mean).toBeLessThan(-0.45);
  expect(naive.mean).toBeLessThan(-5 * naive.standardError);
  expect(Math.abs(pooled.mean)).toBeLessThan(3 * pooled.standardError);
  expect(pooled.standardError).toBeLessThan(0.12);
  expect(covered / draws).toBeGreaterThan(0.85);
});
