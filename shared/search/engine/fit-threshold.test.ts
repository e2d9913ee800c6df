import { expect, test } from "vitest";
import { evaluatePlan } from "../../evaluate/evaluate-plan.ts";
import { randomSpace } from "../../evaluate/live/testing/random-space.ts";
import { correctOfReference, type SearchSpace } from "../../space/search-space.ts";
import { fitThreshold } from "./fit-threshold.ts";

const candidate = {
  position: 0,
  cutPoint: "a",
  head: "linear",
  policy: "top1",
  prefixMs: 1,
  headMs: 0,
  prefixMacs: 1,
  headMacs: 0,
  headBytes: 0,
  confidence: Float32Array.of(0.9, 0.8, 0.7, 0.6),
  correct: Uint8Array.of(1, 1, 0, 1),
};

/** The backbone is right on all four. */
const space: SearchSpace = {
  samples: 4,
  candidates: [candidate],
  backboneCorrect: Uint8Array.of(1, 1, 1, 1),
  backboneMs: 10,
  backboneMacs: 10,
  backboneBytes: 10,
  maxExits: 1,
  levels: 4,
};

test("lets as many leave as the wish allows, and as few as can be where none keeps it", () => {
  const at = (useCase: Parameters<typeof fitThreshold>[3]) =>
    fitThreshold(space, [{ candidate: 0, threshold: 2 }], 0, useCase);
  expect(at({ latency: "mean", maxDropPp: 0 })).toBe(Math.fround(0.8));
  // The third is wrong, and the fourth right: both may leave for one in four.
  expect(at({ latency: "mean", maxDropPp: 25 })).toBe(Math.fround(0.6));
  const wrong = { ...space, candidates: [{ ...candidate, correct: new Uint8Array(4) }] };
  expect(fitThreshold(wrong, [{ candidate: 0, threshold: 2 }], 0, { latency: "mean", maxDropPp: 0 })).toBe(
    Math.fround(0.9),
  );
});

test("looks at the samples that earlier exits let pass, and leaves the other exits as they are", () => {
  const made = randomSpace(400, 4, 7);
  const exits = [0, 2, 3].map((own) => ({ candidate: own, threshold: 0.75 }));
  const useCase = { latency: "mean", maxDropPp: 5 } as const;
  const threshold = fitThreshold(made, exits, 1, useCase);
  const of = (value: number) =>
    evaluatePlan(
      made,
      exits.map((exit, index) => (index === 1 ? { ...exit, threshold: value } : exit)),
    );
  const reference = correctOfReference(made).reduce((sum, right) => sum + right, 0) / 400;
  const meets = (value: number) => of(value).accuracy >= reference - 0.05 - 1e-9;
  const all = Array.from({ length: 66 }, (_, step) => step / 64);
  const fastest = Math.min(...all.filter(meets).map((value) => of(value).latencyMs.mean));
  // Confidences are in steps of 1/64, and forty quantiles of some three hundred samples come near all of them.
  expect(meets(threshold) || !all.some(meets)).toBe(true);
  if (all.some(meets)) expect(of(threshold).latencyMs.mean).toBeLessThan(1.03 * fastest);
});
