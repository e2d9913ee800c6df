import { expect, test } from "vitest";
import type { PlanFigures } from "../model/plan.ts";
import type { UseCase } from "../model/use-case.ts";
import { dropBoundsSchema, outlookOf } from "./drop-bounds.ts";
import { dropOutlook } from "./drop-outlook.ts";

const bounds = { confidence: 0.95, bias: [{ dropPp: 0, deviations: 1 }] };
const useCase: UseCase = { latency: "mean", maxDropPp: 1 };
const latencyMs = { mean: 1, p50: 1, p95: 1, worst: 1 };
/** 4600 of 5000 right where the backbone has 4620, 60 lost and so 40 gained. */
const figures: PlanFigures = {
  accuracy: 0.92,
  lostRate: 0.012,
  latencyMs,
  exitRates: [1],
  macs: 1,
  bytes: 1,
};
const subject = { figures, isBackbone: false, backboneAccuracy: 0.924, samples: 5000 };

test("a plan's outlook follows from its figures", () => {
  const evidence = { samples: 5000, right: 4600, lost: 60, gained: 40 };
  const expected = dropOutlook(evidence, bounds.bias, { maxDrop: 0.01 }, 0.95, false);
  expect(outlookOf(subject, bounds, useCase)).toMatchObject({ ...expected, confidence: 0.95 });
  const sure = outlookOf(subject, bounds, { ...useCase, confidence: 0.999 });
  expect(sure).toMatchObject({ confidence: 0.999 });
  expect((sure as typeof expected).upperBoundPp).toBeGreaterThan(expected.upperBoundPp);
});

test("says how many images would settle a wish only where it isn't settled", () => {
  const settles = (wanted: Partial<UseCase>) => outlookOf(subject, bounds, { ...useCase, ...wanted });
  // 30 of 5000 expected, a standard deviation of some 10: even odds at 0.6 points, no doubt at 2.
  expect(settles({ maxDropPp: 0.7 })).toHaveProperty("samplesToSettle", expect.any(Number));
  expect(settles({ maxDropPp: 2 })).toHaveProperty("samplesToSettle", undefined);
  expect(settles({ maxDropPp: 0.05 })).toHaveProperty("samplesToSettle", undefined);
});

test("has no bound where none is known, or the figures are of an older file", () => {
  expect(outlookOf(subject, undefined, useCase)).toEqual({ none: "unsearched" });
  expect(outlookOf(subject, { none: "server" }, useCase)).toEqual({ none: "server" });
  const older = { ...subject, figures: { ...figures, lostRate: undefined } };
  expect(outlookOf(older, bounds, useCase)).toEqual({ none: "unsearched" });
});

test("a file that bounded nothing since it was of several networks is read as one that never tried", () => {
  expect(dropBoundsSchema.parse({ none: "networks" })).toEqual({ none: "unsearched" });
  expect(dropBoundsSchema.parse({ none: "weights" })).toEqual({ none: "weights" });
  expect(dropBoundsSchema.safeParse({ none: "" }).success).toBe(false);
});

test("a file's curve has to have rising drops", () => {
  const curve = (...drops: number[]) => ({
    ...bounds,
    bias: drops.map((dropPp) => ({ dropPp, deviations: 1 })),
  });
  expect(dropBoundsSchema.safeParse(curve(0, 1)).success).toBe(true);
  expect(dropBoundsSchema.safeParse(curve(1, 1)).success).toBe(false);
  expect(dropBoundsSchema.safeParse(curve()).success).toBe(false);
});
