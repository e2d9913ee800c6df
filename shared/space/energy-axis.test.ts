import { describe, expect, test } from "vitest";
import { silentJob } from "../base/job.ts";
import { seededRandom } from "../base/random.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import { createLiveEvaluator } from "../evaluate/live/live-evaluator.ts";
import type { UseCase } from "../model/use-case.ts";
import { paretoFront } from "../pareto/pareto-front.ts";
import { recommend } from "../search/engine/recommend.ts";
import { runSearch } from "../search/engine/run-search.ts";
import { exact } from "../search/exact/exact.ts";
import { hasEnergy, onAxis, spacesWithin } from "./energy-axis.ts";
import { referencePoint } from "./reference-point.ts";
import type { Candidate, SearchSpace } from "./search-space.ts";
import { allPlans } from "./testing/all-plans.ts";
import { withEnergies } from "./testing/energies.ts";
import { syntheticSpace } from "./testing/synthetic-space.ts";

const exit = (position: number, energy: Candidate["energy"], confidence: readonly number[]): Candidate => ({
  position,
  cutPoint: `cut ${position}`,
  head: "linear",
  policy: "top1",
  prefixMs: 2 + 4 * position,
  headMs: 0.5,
  energy,
  prefixMacs: 0,
  headMacs: 0,
  headBytes: 0,
  confidence: Float32Array.from(confidence),
  correct: Uint8Array.of(1, 1, 1, 1),
});

/** Four samples: 5 and 0.5 mJ to leave first, 30 and 1 mJ to leave second, 42 mJ for the whole. */
const space: SearchSpace = {
  samples: 4,
  candidates: [
    exit(0, { prefixMillijoules: 5, headMillijoules: 0.5 }, [0.9, 0.9, 0.4, 0.3]),
    exit(1, { prefixMillijoules: 30, headMillijoules: 1 }, [0.9, 0.2, 0.8, 0.6]),
  ],
  backboneCorrect: Uint8Array.of(1, 1, 1, 0),
  backboneMs: 10,
  backboneMillijoules: 42,
  backboneMacs: 0,
  backboneBytes: 0,
  maxExits: 2,
  levels: 4,
};

const plan = [
  { candidate: 0, threshold: 0.5 },
  { candidate: 1, threshold: 0.7 },
];

test("energy adds up along a plan as latency does", () => {
  // Samples 0 and 1 leave first: 5 + 0.5; 2 leaves second: 30 + 0.5 + 1; 3 at the end: 42 + 0.5 + 1.
  const energyMillijoules = (5.5 + 5.5 + 31.5 + 43.5) / 4;
  expect(evaluatePlan(space, plan).energyMillijoules).toBe(energyMillijoules);
  expect(createLiveEvaluator(space).evaluate(plan).energyMillijoules).toBe(energyMillijoules);
  expect(evaluatePlan(space, []).energyMillijoules).toBe(42);
});

test("the energy of what was not counted is not known", () => {
  const [first, second] = space.candidates;
  const partly = { ...space, candidates: [first, { ...second, energy: undefined }] };
  expect(evaluatePlan(partly, plan)).not.toHaveProperty("energyMillijoules");
  expect(evaluatePlan(partly, plan.slice(0, 1)).energyMillijoules).toBe((5.5 + 5.5 + 42.5 + 42.5) / 4);
  expect([space, partly, { ...space, backboneMillijoules: undefined }].map(hasEnergy)).toEqual([
    true,
    false,
    false,
  ]);
});

test("on the axis of energies a space's costs are energies, and its reference point too", () => {
  const swept = onAxis(space, { axis: "energy" });
  expect(swept.candidates.map(({ prefixMs, headMs }) => [prefixMs, headMs])).toEqual([
    [5, 0.5],
    [30, 1],
  ]);
  expect([swept.backboneMs, referencePoint(swept).latencyMs]).toEqual([42, 42]);
  expect(onAxis(space, { axis: "energy" })).toBe(swept);
  expect(onAxis(space, { axis: "latency" })).toBe(space);
  expect(onAxis(space, {})).toBe(space);
});

test("where energy is asked for, spaces without it are left out, and the backbone alone has to have it", () => {
  const unknown = { space: { ...space, backboneMillijoules: undefined } };
  const limited: UseCase = { latency: "mean", maxEnergyMillijoules: 5 };
  expect(spacesWithin([{ space }, unknown], limited)).toEqual([{ space }]);
  expect(spacesWithin([{ space }, unknown], { latency: "mean" })).toEqual([{ space }, unknown]);
  expect(() => spacesWithin([unknown], limited)).toThrow(
    "energy is limited, but the profile says nothing of the energy that the network takes",
  );
  expect(() => spacesWithin([unknown], { latency: "mean", axis: "energy" })).toThrow(/one of energies/);
});

describe("an exact search of a synthetic space", () => {
  const synthetic = withEnergies(
    syntheticSpace(seededRandom(3), { samples: 120, positions: 5, maxExits: 3, levels: 5 }),
  );
  const all = [...allPlans(synthetic)].map((exits) => ({ exits, figures: evaluatePlan(synthetic, exits) }));
  const task = { space: synthetic, algorithm: exact, budget: Number.POSITIVE_INFINITY, seed: 1 };
  const points = (plans: readonly { readonly accuracy: number; readonly latencyMs: number }[]) =>
    paretoFront(plans).map(({ accuracy, latencyMs }) => [accuracy, latencyMs]);

  test("has on the axis of energies the front of all plans, with a limit on the latency and without", async () => {
    for (const maxLatencyMs of [undefined, 0.5]) {
      const useCase: UseCase = { latency: "mean", axis: "energy", maxLatencyMs };
      const allowed = all.filter(({ figures }) => figures.latencyMs.mean <= (maxLatencyMs ?? 9));
      const wanted = points(
        allowed.map(({ figures: { accuracy, energyMillijoules = 0 } }) => ({
          accuracy,
          latencyMs: energyMillijoules,
        })),
      );
      const { front, proven } = await runSearch({ ...task, useCase }, silentJob);
      expect([points(front), proven]).toEqual([wanted, true]);
      expect(wanted.length).toBeGreaterThan(5);
    }
  });

  test("has with energy limited the front of all plans that keep within", async () => {
    const useCase: UseCase = { latency: "p95", maxEnergyMillijoules: 1.4 };
    const allowed = all.filter(({ figures }) => figures.energyMillijoules! <= 1.4);
    const wanted = points(
      allowed.map(({ figures: { accuracy, latencyMs } }) => ({ accuracy, latencyMs: latencyMs.p95 })),
    );
    const { front, proven } = await runSearch({ ...task, useCase }, silentJob);
    expect([points(front), proven]).toEqual([wanted, true]);
    expect(allowed.length).toBeLessThan(all.length);
    expect(wanted.length).toBeGreaterThan(3);
  });

  test("finds the plan of least energy that keeps the accuracy, as the whole front does", async () => {
    const useCase: UseCase = { latency: "mean", axis: "energy", maxDropPp: 2 };
    const whole = await runSearch({ ...task, useCase }, silentJob);
    const best = await runSearch({ ...task, useCase, goal: "best" }, silentJob);
    const [one, other] = [whole, best].map(({ front }) => recommend(synthetic, front, useCase).figures);
    expect(other.energyMillijoules).toBe(one.energyMillijoules);
    const drops = all.filter(
      ({ figures }) => figures.accuracy >= evaluatePlan(synthetic, []).accuracy - 0.02,
    );
    expect(one.energyMillijoules).toBe(Math.min(...drops.map(({ figures }) => figures.energyMillijoules!)));
  });
});
