import { describe, expect, test } from "vitest";
import { silentJob } from "../base/job.ts";
import { type Random, seededRandom, shuffle } from "../base/random.ts";
import { evaluatePlan, routeSamples } from "../evaluate/evaluate-plan.ts";
import { confidenceBins } from "../files/field-counts.ts";
import { fromPlanExits, toPlanExits } from "../space/plan-exits.ts";
import type { SearchSpace } from "../space/search-space.ts";
import { takeSamples } from "../space/split-space.ts";
import { drawDifficulty, syntheticNetwork } from "../space/testing/synthetic-space.ts";
import { compareField, isShifted } from "./compare-field.ts";
import { matchField } from "./match-field.ts";
import { monitorField } from "./monitor-field.ts";
import { observedInField, observedSamples } from "./observed-exits.ts";
import { countSamples } from "./testing/count-samples.ts";

const samples = 8000;
const exits = [
  { candidate: 1, threshold: 0.9 },
  { candidate: 3, threshold: 0.85 },
];

/** A network's images in two halves that have nothing in common but where they come from, and the second without most easy ones. */
function halves(seed: number) {
  const random = seededRandom(seed);
  const difficulty = drawDifficulty(random, samples);
  const shape = { samples, positions: 5, maxExits: 2, levels: 16 };
  const { space } = syntheticNetwork(random, difficulty, shape);
  const order = shuffle(
    Uint32Array.from({ length: samples }, (_, sample) => sample),
    random,
  );
  const [own, other] = [order.subarray(0, samples / 2), order.subarray(samples / 2)];
  return {
    calibration: takeSamples(space, own),
    field: takeSamples(space, other),
    hard: takeSamples(space, withoutEasy(other, difficulty, random)),
  };
}

function withoutEasy(order: Uint32Array, difficulty: Float64Array, random: Random): Uint32Array {
  return order.filter((sample) => difficulty[sample] > 0 || random() < 0.3);
}

function monitored(calibration: SearchSpace, field: SearchSpace) {
  const plan = {
    space: calibration,
    exits: toPlanExits(calibration, exits),
    predict: () => undefined,
  };
  return monitorField(plan, countSamples(field, exits), silentJob);
}

test("a field like calibration is said to be another one as seldom as the tests are meant to be wrong", async () => {
  let wrong = 0;
  for (let seed = 0; seed < 25; seed++) {
    const { calibration, field } = halves(seed);
    const [there, here] = [field, calibration].map((space) => observedSamples(space, exits));
    if (isShifted(await compareField(there, here, silentJob))) wrong++;
  }
  // At 5 % one is expected; five and more come seven times in a thousand.
  expect(wrong).toBeLessThan(5);
});

describe("a field of harder images", () => {
  const { calibration, hard } = halves(1);
  const there = evaluatePlan(hard, exits);

  test("is told from calibration, by the exits that are less sure", async () => {
    const { isShifted, comparison } = await monitored(calibration, hard);
    expect(isShifted).toBe(true);
    expect(comparison.rates.isShifted).toBe(true);
    const [first] = comparison.rates.exits;
    expect(first.field).toBe(there.exitRates[0]);
    expect(first.differencePp).toBeLessThan(-10);
    expect(first.intervalPp[1]).toBeLessThan(0);
    const [sureness] = comparison.sureness;
    expect(sureness.isShifted).toBe(true);
    expect(sureness.differencePp).toBeLessThan(-10);
    // The share that is so sure, counted by hand.
    const { confidence } = hard.candidates[exits[0].candidate];
    const share = (values: Float32Array) =>
      values.filter((value) => value >= sureness.from).length / values.length;
    const gap = share(confidence) - share(calibration.candidates[exits[0].candidate].confidence);
    expect(sureness.differencePp).toBeCloseTo(100 * gap, 9);
  });

  test("has its latency and accuracy foretold, and thresholds that hold the budget there", async () => {
    const { latency, estimate, refitted } = await monitored(calibration, hard);
    const budget = evaluatePlan(calibration, exits).latencyMs.mean;
    expect(latency.calibrationMs).toBe(budget);
    expect(latency.fieldMs).toBeCloseTo(there.latencyMs.mean, 9);
    expect(latency.fieldMs).toBeGreaterThan(1.1 * budget);
    // Images are harder there than their confidences show, so it stays too hopeful.
    expect(estimate!.accuracy - there.accuracy).toBeLessThan(0.03);
    expect(estimate!.accuracy).toBeLessThan(estimate!.calibrationAccuracy - 0.015);
    const own = evaluatePlan(hard, fromPlanExits(hard, refitted!.exits));
    expect(own.latencyMs.mean / budget).toBeGreaterThan(0.97);
    expect(own.latencyMs.mean / budget).toBeLessThan(1.02);
    expect(refitted!.gainPp).toBeCloseTo(100 * (refitted!.figures.accuracy - estimate!.accuracy), 9);
    expect(Math.abs(refitted!.gainPp - 100 * (own.accuracy - there.accuracy))).toBeLessThan(0.6);
  });

  test("weighs samples so that as many leave and are as sure as there", async () => {
    const field = observedSamples(hard, exits);
    const { space, unmatched, residual } = (await matchField(calibration, exits, field, silentJob))!;
    expect(unmatched).toBe(0);
    expect(residual).toBeLessThan(1e-6);
    const { counts, total, effectiveSamples } = space.weights!;
    expect(effectiveSamples).toBeLessThan(space.samples);
    const { exit } = routeSamples(space, exits);
    for (const [index, left] of field.left.entries()) {
      const weight = counts.reduce((sum, count, sample) => (exit[sample] === index ? sum + count : sum), 0);
      expect(weight / total).toBeCloseTo(left / field.inputs, 2);
    }
  });
});

test("raking gives the table that can be worked out by hand", async () => {
  // Two exits that four kinds of samples are sure at or not; 40 of each.
  const kinds = [
    [0.9, 0.9],
    [0.3, 0.9],
    [0.3, 0.3],
    [0.1, 0.3],
  ];
  const of = (exit: number) => Float32Array.from({ length: 160 }, (_, k) => kinds[Math.floor(k / 40)][exit]);
  const { calibration } = halves(1);
  const space: SearchSpace = {
    ...calibration,
    samples: 160,
    candidates: [0, 1].map((exit) => ({
      ...calibration.candidates[exit],
      confidence: of(exit),
      correct: new Uint8Array(160),
    })),
    backboneCorrect: new Uint8Array(160),
  };
  const placed = [
    { candidate: 0, threshold: 0.8 },
    { candidate: 1, threshold: 0.8 },
  ];
  const bins = (counts: Readonly<Record<number, number>>) =>
    Array.from({ length: confidenceBins }, (_, bin) => counts[bin] ?? 0);
  const field = {
    inputs: 1000,
    left: [400, 300, 300],
    confidence: [bins({ 57: 400, 19: 500, 6: 100 }), bins({ 57: 300, 19: 300 })],
  };
  const { space: weighed } = (await matchField(space, placed, field, silentJob))!;
  const shares = kinds.map(
    (_, kind) =>
      weighed.weights!.counts.reduce(
        (sum, count, k) => (Math.floor(k / 40) === kind ? sum + count : sum),
        0,
      ) / weighed.weights!.total,
  );
  // The second kind alone leaves at the second exit; of the others 100 are the fourth kind.
  expect(shares).toEqual([0.4, 0.3, 0.2, 0.1].map((share) => expect.closeTo(share, 2)));
});

test("what a runner has counted is what samples are counted as", () => {
  const { calibration } = halves(2);
  const observed = observedSamples(calibration, exits);
  expect(observedInField(countSamples(calibration, exits))).toEqual(observed);
  expect(observed.left.reduce((sum, count) => sum + count, 0)).toBe(samples / 2);
  const [first, second] = observed.confidence.map((counts) => counts.reduce((sum, count) => sum + count, 0));
  expect([first, second]).toEqual([samples / 2, samples / 2 - observed.left[0]]);
});

test("of a field that no sample is like nothing is estimated, and no thresholds are chosen", async () => {
  const { calibration, field } = halves(1);
  // All of them leave at the first exit, where no calibration sample does.
  const plan = {
    space: calibration,
    exits: toPlanExits(calibration, [{ candidate: 1, threshold: 2 }]),
    predict: () => undefined,
  };
  const counts = countSamples(field, [{ candidate: 1, threshold: 0 }]);
  const report = await monitorField(plan, counts, silentJob);
  expect(report.isShifted).toBe(true);
  expect(report.latency.fieldMs).toBeLessThan(report.latency.calibrationMs);
  expect([report.estimate, report.refitted]).toEqual([undefined, undefined]);
});
