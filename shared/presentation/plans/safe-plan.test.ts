import { expect, test } from "vitest";
import type { UseCase } from "../../model/use-case.ts";
import { charted, figures } from "../testing/test-plans.ts";
import { knownOutlook, type OutlookBasis, safePlan } from "./safe-plan.ts";

const useCase: UseCase = { latency: "mean", maxDropPp: 1 };
const basis: OutlookBasis = {
  bounds: { confidence: 0.95, bias: [{ dropPp: 0, deviations: 1 }] },
  useCase,
  backboneAccuracy: 0.9,
  samples: 10_000,
};

/** All changes are losses. A drop of 0.8 points is 80 samples, 89 without luck, 4 standard deviations of 9 from 1.2 points. */
const found = (id: string, dropPp: number, mean: number) => ({
  plan: charted(id, 0.9 - dropPp / 100, mean),
  figures: figures(0.9 - dropPp / 100, mean, { lostRate: dropPp / 100 }),
});
const plans = [found("bold", 0.95, 0.3), found("safe", 0.7, 0.5), found("safer", 0.2, 0.8)];

const chosen = (changes: Partial<OutlookBasis> = {}, wish: Partial<UseCase> = {}) =>
  safePlan(plans, { ...basis, ...changes, useCase: { ...useCase, ...wish } })?.plan;

test("is the fastest that keeps the wish so surely, as wish and confidence stand", () => {
  expect(chosen()).toBe(plans[1].plan);
  expect(chosen({}, { confidence: 0.9999 })).toBe(plans[2].plan);
  expect(chosen({}, { maxDropPp: 2 })).toBe(plans[0].plan);
  expect(chosen({}, { maxDropPp: 0.1 })).toBeUndefined();
  expect(chosen({ samples: 100 })).toBeUndefined();
});

test("is the one of least energy on a front of energies, also where it is slower", () => {
  const counted = [9, 3, 7].map((energyMillijoules, at) => ({
    ...plans[at],
    figures: { ...plans[at].figures, energyMillijoules },
  }));
  const wish = (more: Partial<UseCase>) => ({ ...basis, useCase: { ...useCase, ...more } });
  const slow = { ...found("slow", 0.2, 5), figures: { ...plans[2].figures, energyMillijoules: 2 } };
  expect(safePlan([...counted, slow], wish({ axis: "energy" }))?.plan).toBe(slow.plan);
  expect(safePlan([...counted, slow], wish({}))?.plan).toBe(plans[1].plan);
  // Of these nobody knows what they take.
  expect(safePlan(plans, wish({ axis: "energy" }))).toBeNull();
});

test("keeps to the other constraints", () => {
  expect(chosen({}, { maxLatencyMs: 0.4 })).toBeUndefined();
});

test("may be another network alone, which is not without a drop like the backbone", () => {
  const network = found("little", 0.3, 0.1);
  const alone = { ...network, plan: { ...network.plan, exits: [], chain: ["little"] } };
  expect(safePlan([...plans, alone], basis)?.plan).toBe(alone.plan);
  const backbone = { ...alone, plan: { ...alone.plan, chain: undefined } };
  expect(safePlan([...plans, backbone], basis)?.plan).toBe(plans[1].plan);
  expect(knownOutlook(backbone.plan, backbone.figures, basis)?.upperBoundPp).toBe(0);
  // 30 and 5.5 more of 10 000 lost, 1.645 deviations of 6 above.
  expect(knownOutlook(alone.plan, alone.figures, basis)?.upperBoundPp).toBeCloseTo(0.46, 1);
});

test("is none where drops have no bound, or nothing is wanted of the accuracy", () => {
  expect(chosen({ bounds: undefined })).toBeUndefined();
  expect(chosen({ bounds: { none: "weights" } })).toBeUndefined();
  expect(chosen({}, { maxDropPp: undefined, maxLatencyMs: 5 })).toBeUndefined();
});
