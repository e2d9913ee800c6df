import { expect, test } from "vitest";
import { testGuarantee } from "../presentation/testing/test-guarantee.ts";
import { frontFile } from "../presentation/testing/test-plans.ts";
import { guaranteeFor, isWeightedAlike } from "./searched-use-case.ts";

test("a guarantee holds for the limits and the confidence that were tested, and for no others", () => {
  const { recommended } = frontFile();
  const front = { guarantee: { ...testGuarantee, plain: recommended } };
  const tested = { latency: "mean", maxDropPp: 1, confidence: 0.95 } as const;
  expect(guaranteeFor(front, tested)).toBe(front.guarantee);
  // A budget beside it changes nothing of what was tested.
  expect(guaranteeFor(front, { ...tested, maxLatencyMs: 1 })).toBe(front.guarantee);
  for (const other of [
    { maxDropPp: 0.5 },
    { confidence: 0.9 },
    { confidence: undefined },
    { minAccuracy: 0.9 },
  ])
    expect(guaranteeFor(front, { ...tested, ...other })).toBeUndefined();
  // Where no accuracy is stated the default drop of 0.5 points was tested.
  const byDefault = { guarantee: { ...front.guarantee, maxDropPp: 0.5 } };
  expect(guaranteeFor(byDefault, { latency: "mean", confidence: 0.95 })).toBe(byDefault.guarantee);
  expect(guaranteeFor({}, { latency: "mean" })).toBeUndefined();
  expect(guaranteeFor(null, tested)).toBeUndefined();
});

test("weights compare by what they say, not by their order", () => {
  expect(isWeightedAlike({}, {})).toBe(true);
  expect(isWeightedAlike({ classWeights: { 0: 2, 1: 3 } }, { classWeights: { 1: 3, 0: 2 } })).toBe(true);
  expect(isWeightedAlike({ classWeights: { 0: 2 } }, {})).toBe(false);
});
