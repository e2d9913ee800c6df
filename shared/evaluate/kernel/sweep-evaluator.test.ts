import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../base/random.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import { ragbagSpace, syntheticSpace } from "../../space/testing/synthetic-space.ts";
import { evaluatePlan, routeSamples } from "../evaluate-plan.ts";
import { groupPercentile } from "../latency-measure.ts";
import { createSweepEvaluator, type SweepEvaluator } from "../reference/sweep-evaluator.ts";
import {
  type BoundCounts,
  type PlacedExit,
  type PricedSweep,
  resultOf,
  type Sweep,
  type SweepResult,
  sweepSize,
  sweptPlan,
} from "../sweep.ts";
import { createKernelEvaluator } from "./kernel-evaluator.ts";

const spaces = fc
  .record({
    seed: fc.nat(),
    samples: fc.integer({ min: 1, max: 30 }),
    positions: fc.integer({ min: 1, max: 5 }),
    maxExits: fc.integer({ min: 1, max: 4 }),
    levels: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ seed, ...shape }) => ragbagSpace(seededRandom(seed), shape));

/** A random sweep of the space, of one exit at the end or midway, or of two. */
function drawSweep(space: SearchSpace, { grid }: SweepEvaluator, random: () => number): Sweep {
  const integer = (bound: number) => Math.floor(random() * bound);
  const chain: number[] = [];
  for (const [c, { position }] of space.candidates.entries()) {
    const isLater = chain.length === 0 || position > space.candidates[chain[chain.length - 1]].position;
    if (isLater && chain.length < space.maxExits && random() < 0.6) chain.push(c);
  }
  if (chain.length === 0) chain.push(integer(space.candidates.length));
  const place = (c: number): PlacedExit => ({ candidate: c, level: integer(grid[c].length) });
  const suffix = chain.splice(1 + integer(chain.length)).map(place);
  const swept = chain.length > 1 && suffix.length === 0 && random() < 0.7 ? 2 : 1;
  const [candidate, nextCandidate] = chain.slice(-swept);
  const fromLevel = integer(grid[candidate].length);
  const toLevel = fromLevel + 1 + integer(grid[candidate].length - fromLevel);
  const prefix = chain.slice(0, -swept).map(place);
  const levels = { prefix, candidate, fromLevel, toLevel };
  if (nextCandidate !== undefined) return { ...levels, kind: "two-exits", nextCandidate };
  return suffix.length > 0 ? { ...levels, kind: "midway", suffix } : { ...levels, kind: "one-exit" };
}

/** What a one-exit sweep leaves behind, counted sample by sample. */
function countForBounds(space: SearchSpace, sweep: Sweep, index: number, evaluator: SweepEvaluator) {
  const { exit, correct } = routeSamples(space, sweptPlan(sweep, index, evaluator.grid));
  const last = sweep.prefix.length;
  const { position } = space.candidates[sweep.candidate];
  const later = space.candidates.filter((candidate) => candidate.position > position);
  const columns = [space.backboneCorrect, ...later.map((candidate) => candidate.correct)];
  const samples = [...exit.keys()];
  const remaining = samples.filter((i) => exit[i] > last);
  return {
    remaining: remaining.length,
    rightSoFar: samples.filter((i) => exit[i] <= last && correct[i]).length,
    backboneRight: remaining.filter((i) => space.backboneCorrect[i]).length,
    reachable: remaining.filter((i) => columns.some((column) => column[i])).length,
    easyLeft: samples.filter((i) => exit[i] === last && columns.every((column) => column[i])).length,
    rescued: samples.filter((i) => exit[i] === last && correct[i] && !space.backboneCorrect[i]).length,
  } satisfies Record<keyof BoundCounts, number>;
}

/** How the samples of one of a sweep's plans leave, as pairs of count and latency. */
function spreadIn(evaluator: SweepEvaluator, result: SweepResult, entry: number): number[][] {
  const { counts, costs, groups } = evaluator.spread(result, entry);
  return Array.from({ length: groups }, (_, group) => [counts[group], costs[group]]);
}

const kinds = (["mean", "p50", "p95"] as const).flatMap((latency) => [
  { latency, where: "plain", create: createSweepEvaluator },
  {
    latency,
    where: "the kernel's",
    create: (...of: Parameters<typeof createKernelEvaluator>) => createKernelEvaluator(...of)!,
  },
]);

describe.each(kinds)("$where sweeps by $latency latency", ({ latency, create }) => {
  test("give every plan the very figures of the plain evaluation, whatever was asked before", () => {
    fc.assert(
      fc.property(spaces, fc.nat(), (space, seed) => {
        const evaluator = create(space, latency);
        const random = seededRandom(seed);
        for (let ask = 0; ask < 6; ask++) {
          const sweep = drawSweep(space, evaluator, random);
          const result = evaluator.evaluate(sweep);
          expect(result.rows * result.columns).toBe(sweepSize(sweep, evaluator.grid));
          expect(result.entries).toBe(sweepSize(sweep, evaluator.grid));
          for (let index = 0; index < result.rows * result.columns; index++) {
            const figures = evaluatePlan(space, sweptPlan(sweep, index, evaluator.grid));
            expect(result.right[index] / space.samples).toBe(figures.accuracy);
            expect(result.latencyMs[index]).toBe(figures.latencyMs[latency]);
            const { counts, costs, groups } = evaluator.spread(result, index);
            expect(Array.from(counts.subarray(0, groups), (count) => count / space.samples)).toEqual(
              figures.exitRates,
            );
            expect(groupPercentile(counts, costs, groups, space.samples, 100)).toBe(figures.latencyMs.worst);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test("tell what they leave to later exits", () => {
    fc.assert(
      fc.property(spaces, fc.nat(), (space, seed) => {
        const evaluator = create(space, latency);
        const { prefix, candidate, fromLevel, toLevel } = drawSweep(space, evaluator, seededRandom(seed));
        const sweep: Sweep = { kind: "one-exit", prefix, candidate, fromLevel, toLevel };
        const { rows, boundCounts } = resultOf("one-exit", evaluator.evaluate(sweep));
        for (let row = 0; row < rows; row++) {
          const counted = countForBounds(space, sweep, row, evaluator);
          for (const key of Object.keys(counted) as (keyof BoundCounts)[]) {
            expect([key, boundCounts[key][row]]).toEqual([key, counted[key]]);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

test("a target curve keeps just the plans of two-exit sweeps below it, in the kernel", () => {
  fc.assert(
    fc.property(spaces, fc.nat(), fc.constantFrom("mean", "p95"), (space, seed, latency) => {
      const plain = createSweepEvaluator(space, latency as "mean" | "p95");
      const kernel = createKernelEvaluator(space, latency as "mean" | "p95")!;
      const random = seededRandom(seed);
      kernel.curve.forEach((_, right) => {
        // Latencies of such spaces are below 20 ms; some limits are those of plans.
        kernel.curve[right] = Math.floor(random() * 60) / 3;
      });
      for (let ask = 0; ask < 4; ask++) {
        const sweep = drawSweep(space, plain, random);
        if (sweep.kind !== "two-exits") continue;
        const all = plain.evaluate(sweep);
        const wanted = Array.from({ length: all.entries }, (_, plan) => plan).filter(
          (plan) => all.latencyMs[plan] < kernel.curve[all.right[plan]],
        );
        const hits = resultOf("two-exits", kernel.evaluate(sweep));
        const { entries, plans, right, latencyMs } = hits;
        const spreads = wanted.map((plan) => spreadIn(plain, all, plan));
        expect(wanted.map((_, entry) => spreadIn(kernel, hits, entry))).toEqual(spreads);
        expect([...(plans?.subarray(0, entries) ?? [])]).toEqual(wanted);
        expect([...right.subarray(0, entries)]).toEqual(wanted.map((plan) => all.right[plan]));
        expect([...latencyMs.subarray(0, entries)]).toEqual(wanted.map((plan) => all.latencyMs[plan]));
      }
    }),
    { numRuns: 150 },
  );
});

/** A random sweep of three exits, where the space has so many one behind the other. */
function drawPricedSweep(
  space: SearchSpace,
  { grid }: SweepEvaluator,
  random: () => number,
): PricedSweep | undefined {
  const integer = (bound: number) => Math.floor(random() * bound);
  const chain: number[] = [];
  for (const [c, { position }] of space.candidates.entries()) {
    const isLater = chain.length === 0 || position > space.candidates[chain[chain.length - 1]].position;
    if (isLater && chain.length < space.maxExits && random() < 0.8) chain.push(c);
  }
  if (chain.length < 3) return undefined;
  const [candidate, nextCandidate, lastCandidate] = chain.slice(-3);
  const prefix = chain.slice(0, -3).map((c) => ({ candidate: c, level: integer(grid[c].length) }));
  const fromLevel = integer(grid[candidate].length);
  const toLevel = fromLevel + 1 + integer(grid[candidate].length - fromLevel);
  const priceMs = 10 ** (4 * random() - 2);
  const levels = { prefix, candidate, fromLevel, toLevel };
  return { kind: "priced", ...levels, nextCandidate, lastCandidate, priceMs };
}

test("priced sweeps give the minimum priced latency of all pairs of levels; the kernel's is never above it", () => {
  let asked = 0;
  fc.assert(
    fc.property(spaces, fc.nat(), (space, seed) => {
      const plain = createSweepEvaluator(space, "mean");
      const kernel = createKernelEvaluator(space, "mean")!;
      const random = seededRandom(seed);
      for (let ask = 0; ask < 6; ask++) {
        const sweep = drawPricedSweep(space, plain, random);
        if (!sweep) continue;
        asked++;
        const wanted = resultOf("priced", plain.evaluate(sweep));
        expect(wanted.rows * wanted.columns).toBe(sweepSize(sweep, plain.grid));
        const got = resultOf("priced", kernel.evaluate(sweep));
        for (let row = 0; row < wanted.rows; row++) {
          const min = wanted.minPricedMs[row];
          expect(min).toBeCloseTo(minOfRow(space, sweep, row, plain), 10);
          expect(got.minPricedMs[row]).toBeLessThanOrEqual(min + 1e-9);
          expect(got.minPricedMs[row]).toBeGreaterThan(min - 1e-6 * (1 + sweep.priceMs));
        }
      }
    }),
    { numRuns: 200, seed: 1 },
  );
  expect(asked).toBeGreaterThan(100);
});

test.each([31, 32, 33, 70])(
  "priced sweeps of %i levels are the reference's, however wide a row of the kernel is",
  (levels) => {
    const space = syntheticSpace(seededRandom(levels), { samples: 500, positions: 5, maxExits: 4, levels });
    const plain = createSweepEvaluator(space, "mean");
    const kernel = createKernelEvaluator(space, "mean")!;
    for (const [first, priceMs] of [
      [12, 0.3],
      [levels - 2, 20],
    ]) {
      const prefix = [{ candidate: 0, level: first }];
      const levelsOf = { prefix, candidate: 1, fromLevel: 0, toLevel: levels };
      const sweep: Sweep = { kind: "priced", ...levelsOf, nextCandidate: 3, lastCandidate: 4, priceMs };
      const minima = (evaluator: SweepEvaluator) => {
        const { minPricedMs } = resultOf("priced", evaluator.evaluate(sweep));
        return Array.from(minPricedMs.subarray(0, levels));
      };
      const got = minima(kernel);
      for (const [level, min] of minima(plain).entries()) expect(got[level]).toBeCloseTo(min, 5);
    }
  },
);

/** The minimum priced latency of a row, plan by plan. */
function minOfRow(space: SearchSpace, sweep: PricedSweep, row: number, { grid }: SweepEvaluator): number {
  const { nextCandidate, lastCandidate, priceMs } = sweep;
  const prefix = [...sweep.prefix, { candidate: sweep.candidate, level: sweep.fromLevel + row }];
  const plans = [...grid[nextCandidate].keys()].flatMap((level) =>
    [...grid[lastCandidate].keys()].map((last) => [
      ...prefix,
      { candidate: nextCandidate, level },
      { candidate: lastCandidate, level: last },
    ]),
  );
  const priced = plans.map((exits) => {
    const placed = exits.map(({ candidate, level }) => ({ candidate, threshold: grid[candidate][level] }));
    const { accuracy, latencyMs } = evaluatePlan(space, placed);
    return latencyMs.mean + priceMs * (1 - accuracy);
  });
  return Math.min(...priced);
}
