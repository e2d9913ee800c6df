import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { silentJob } from "../../base/job.ts";
import { type Random, seededRandom } from "../../base/random.ts";
import { countSamples, evaluatePlan } from "../../evaluate/evaluate-plan.ts";
import { withDefaultDrop } from "../../model/constraints.ts";
import type { PlanFigures } from "../../model/plan.ts";
import type { UseCase } from "../../model/use-case.ts";
import { paretoFront } from "../../pareto/pareto-front.ts";
import { worstClassifier } from "../../space/reference-point.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import { allPlans } from "../../space/testing/all-plans.ts";
import { ragbagSpace, type SyntheticShape, syntheticSpace } from "../../space/testing/synthetic-space.ts";
import { thresholdGrid } from "../../space/threshold-grid.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";
import { countPlans } from "../engine/count-plans.ts";
import type { FrontPoint } from "../engine/front-point.ts";
import { recommend } from "../engine/recommend.ts";
import { runSearch, type SearchResult, startSearch } from "../engine/run-search.ts";
import { exact } from "./exact.ts";

const unlimited = { budget: Number.POSITIVE_INFINITY, seed: 1 };

function bruteForce(space: SearchSpace, useCase: UseCase) {
  return bruteForcePlans(space, useCase).map(({ accuracy, latencyMs }) => ({ accuracy, latencyMs }));
}

function bruteForcePlans(space: SearchSpace, useCase: UseCase): FrontPoint[] {
  const points = [...allPlans(space)]
    .map((exits) => ({ exits, figures: evaluatePlan(space, exits) }))
    .filter(({ exits, figures }) => keepsToLimits(exits, figures, useCase))
    .map(({ exits, figures }) => ({
      exits,
      right: countSamples(space, exits).right,
      accuracy: figures.accuracy,
      latencyMs: figures.latencyMs[useCase.latency],
    }));
  return paretoFront(points);
}

/** The backbone alone may be too large, for nothing is smaller. */
function keepsToLimits(exits: readonly ThresholdedExit[], figures: PlanFigures, useCase: UseCase): boolean {
  const { maxBytes, maxP95Ms, maxWorstMs, maxBackboneRate } = useCase;
  const { bytes, latencyMs, exitRates } = figures;
  const isWithin = (got: number, most = Number.POSITIVE_INFINITY) => got <= most * (1 + 1e-9);
  return (
    (exits.length === 0 || isWithin(bytes, maxBytes)) &&
    isWithin(latencyMs.p95, maxP95Ms) &&
    isWithin(latencyMs.worst, maxWorstMs) &&
    isWithin(exitRates[exits.length], maxBackboneRate)
  );
}

/** Heads know whether they are right, and cost nothing: what the bounds allow for comes true. */
function oracleSpace(random: Random, shape: SyntheticShape): SearchSpace {
  const space = syntheticSpace(random, shape);
  const candidates = space.candidates.map((candidate) => ({
    ...candidate,
    headMs: 0,
    confidence: Float32Array.from(candidate.correct),
  }));
  return { ...space, candidates };
}

const shapes = fc.record({
  samples: fc.integer({ min: 1, max: 60 }),
  positions: fc.integer({ min: 1, max: 4 }),
  maxExits: fc.integer({ min: 0, max: 4 }),
  levels: fc.integer({ min: 1, max: 4 }),
});

/** Mostly one limit at most, so that some plans keep to all of them. */
const limits = fc.oneof(
  fc.constant({}),
  fc.record({ maxBytes: fc.integer({ min: 9, max: 16 }) }),
  fc.record({ maxP95Ms: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ maxWorstMs: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ maxBackboneRate: fc.integer({ min: 0, max: 10 }).map((tenth) => tenth / 10) }),
  fc.record({
    maxBytes: fc.integer({ min: 12, max: 16 }),
    maxP95Ms: fc.integer({ min: 4, max: 8 }),
    maxWorstMs: fc.integer({ min: 4, max: 8 }),
    maxBackboneRate: fc.integer({ min: 5, max: 10 }).map((tenth) => tenth / 10),
  }),
);

describe.each(["mean", "p50", "p95"] as const)("by %s latency", (latency) => {
  const useCases = limits.map((limited): UseCase => ({ latency, ...limited }));

  test.each([
    ["spaces full of ties", ragbagSpace],
    ["spaces like a network", syntheticSpace],
    ["spaces as good as the bounds", oracleSpace],
  ])("finds the front that brute force finds, in %s", async (_, makeSpace) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), shapes, useCases, async (seed, shape, useCase) => {
        const space = makeSpace(seededRandom(seed), shape);
        const { front, proven } = await runSearch(
          { space, algorithm: exact, useCase, ...unlimited },
          silentJob,
        );
        expect(proven).toBe(true);
        const found = front.map(({ accuracy, latencyMs }) => ({ accuracy, latencyMs }));
        expect(found).toEqual(bruteForce(space, useCase));
      }),
      { numRuns: 200 },
    );
  });
});

const wishes = fc
  .record({
    latency: fc.constantFrom("mean" as const, "p50" as const, "p95" as const),
    maxLatencyMs: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
    minAccuracy: fc.option(
      fc.integer({ min: 0, max: 10 }).map((tenth) => tenth / 10),
      { nil: undefined },
    ),
    maxDropPp: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
  })
  .chain((wish) => limits.map((limited): UseCase => ({ ...wish, ...limited })));

test.each([
  ["spaces full of ties", ragbagSpace],
  ["spaces as good as the bounds", oracleSpace],
])("finds the best plan that brute force finds, in %s", async (_, makeSpace) => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), shapes, wishes, async (seed, shape, useCase) => {
      const space = makeSpace(seededRandom(seed), shape);
      const settings = { useCase, goal: "best" as const, ...unlimited };
      const { front, proven, gap } = await runSearch({ space, algorithm: exact, ...settings }, silentJob);
      expect([proven, gap]).toEqual([true, 0]);
      // The whole front holds the best plan, and `recommend` finds it there.
      const whole = await runSearch({ space, algorithm: exact, useCase, ...unlimited }, silentJob);
      expect(whole.front.map(({ accuracy, latencyMs }) => ({ accuracy, latencyMs }))).toEqual(
        bruteForce(space, useCase),
      );
      if (whole.front.length === 0) {
        expect(front).toEqual([]);
        return;
      }
      const wanted = recommend(space, whole.front, useCase);
      if (front.length === 0) {
        expect(wanted.feasible).toBe(false);
        return;
      }
      const found = recommend(space, front, useCase);
      expect(found.feasible).toBe(wanted.feasible);
      if (!wanted.feasible) return;
      const { accuracy, latencyMs } = wanted.point;
      expect(found.point).toMatchObject({ accuracy, latencyMs });
    }),
    { numRuns: 300 },
  );
});

test.each([
  ["spaces full of ties", ragbagSpace],
  ["spaces like a network", syntheticSpace],
])("finds the best of plans with many exits by mean latency, in %s", async (_, makeSpace) => {
  const long = fc.record({
    samples: fc.integer({ min: 1, max: 40 }),
    positions: fc.integer({ min: 4, max: 7 }),
    maxExits: fc.integer({ min: 4, max: 6 }),
    levels: fc.integer({ min: 1, max: 2 }),
  });
  const useCases = wishes.map((wish) => ({ ...wish, latency: "mean" as const }));
  let met = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(), long, useCases, async (seed, shape, useCase) => {
      const space = makeSpace(seededRandom(seed), shape);
      const front = bruteForcePlans(space, useCase);
      const settings = { useCase, goal: "best" as const, ...unlimited };
      const best = await runSearch({ space, algorithm: exact, ...settings }, silentJob);
      expect([best.proven, best.gap]).toEqual([true, 0]);
      if (front.length === 0) return;
      const wanted = recommend(space, front, useCase);
      if (!wanted.feasible) return;
      met++;
      const { accuracy, latencyMs } = wanted.point;
      expect(recommend(space, best.front, useCase).point).toMatchObject({ accuracy, latencyMs });
    }),
    { numRuns: 60, seed: 1 },
  );
  expect(met).toBeGreaterThan(10);
});

test("whenever it is stopped, no more is missing than the gap says", async () => {
  const budgets = fc.integer({ min: 1, max: 2000 });
  await fc.assert(
    fc.asyncProperty(fc.nat(), shapes, wishes, budgets, async (seed, shape, useCase, budget) => {
      const space = syntheticSpace(seededRandom(seed), { ...shape, maxExits: 3 });
      for (const goal of ["front", "best"] as const) {
        const settings = { useCase, goal, ...unlimited };
        const stopped = await runSearch({ space, algorithm: exact, ...settings, budget }, silentJob);
        const whole = await runSearch({ space, algorithm: exact, ...settings }, silentJob);
        const missing = shortOf(space, useCase, goal, stopped, whole);
        expect(stopped.gap).toBeGreaterThanOrEqual(missing - 1e-9);
        expect(stopped.gap).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 200 },
  );
});

/** How much a search that was stopped lacks, in the terms of its gap. */
function shortOf(
  space: SearchSpace,
  useCase: UseCase,
  goal: "front" | "best",
  stopped: SearchResult,
  whole: SearchResult,
): number {
  if (goal === "front") return whole.hypervolume - stopped.hypervolume;
  if (whole.front.length === 0) return 0;
  const best = recommend(space, whole.front, useCase);
  if (stopped.front.length === 0) return best.feasible ? 1 : 0;
  const held = recommend(space, stopped.front, useCase);
  if (!best.feasible) return 0;
  if (!held.feasible) return 1;
  const { minAccuracy, maxDropPp } = withDefaultDrop(useCase);
  const wantsAccuracy = [minAccuracy, maxDropPp].some((wish) => wish !== undefined);
  return wantsAccuracy
    ? 1 - best.point.latencyMs / held.point.latencyMs
    : best.point.accuracy - held.point.accuracy;
}

test("stopped and gone on with any number of times, it ends as it does in one go", async () => {
  const space = syntheticSpace(seededRandom(3), { samples: 4000, positions: 9, maxExits: 4, levels: 12 });
  const settings = { useCase: { latency: "mean" as const }, ...unlimited };
  const search = startSearch({ space, algorithm: exact, ...settings });
  const inAHurry = { ...silentJob, isTimeUp: () => true };
  const gaps: number[] = [];
  while (!(await search.advance(inAHurry))) gaps.push(search.result().gap!);
  expect(gaps.length).toBeGreaterThan(3);
  expect(gaps).toEqual([...gaps].sort((a, b) => b - a));
  expect(search.result()).toEqual(await runSearch({ space, algorithm: exact, ...settings }, silentJob));
});

test("leaves out plans that cannot reach the front", async () => {
  const space = syntheticSpace(seededRandom(1), { samples: 1000, positions: 8, maxExits: 3, levels: 16 });
  const result = await runSearch(
    { space, algorithm: exact, useCase: { latency: "mean" }, ...unlimited },
    silentJob,
  );
  const plans = countPlans(space, thresholdGrid(space));
  expect(plans).toBe(1 + 8 * 16 + 28 * 16 ** 2 + 56 * 16 ** 3);
  expect(result.proven).toBe(true);
  expect(result.evaluations).toBeLessThan(0.8 * plans);
});

test("proves nothing when the budget ends it, and keeps to the budget", async () => {
  const space = syntheticSpace(seededRandom(1), { samples: 200, positions: 6, maxExits: 2, levels: 8 });
  const settings = { useCase: { latency: "mean" as const }, budget: 100, seed: 1 };
  const result = await runSearch({ space, algorithm: exact, ...settings }, silentJob);
  expect(result.proven).toBe(false);
  // The backbone, one sweep by local search, and six, of eight levels; the first sweep of two exits would be too much.
  expect(result.evaluations).toBe(57);
});

test.each(["front", "best"] as const)(
  "a network that leaves no choice is its own only plan, however many exits are allowed (%s)",
  async (goal) => {
    const shape = { samples: 20, positions: 2, maxExits: 4, levels: 4 };
    const space = { ...syntheticSpace(seededRandom(1), shape), candidates: [] };
    const task = { space, algorithm: exact, useCase: { latency: "mean" as const, maxDropPp: 1 }, goal };
    const { front, proven } = await runSearch({ ...task, ...unlimited }, silentJob);
    expect(proven).toBe(true);
    expect(front.map(({ exits, latencyMs }) => [exits, latencyMs])).toEqual([[[], space.backboneMs]]);
  },
);

/** Three kinds of head at every place: cheap ones, and ones that see more and cost more, and where each stands, by chance. */
function spaceOfKinds(random: Random, shape: SyntheticShape): SearchSpace {
  const kinds = ["linear", "hidden", "convolution"].map((head, kind) => {
    const { candidates } = syntheticSpace(random, shape);
    const price = 0.01 + 0.05 * kind * random();
    return candidates.map((candidate) => ({
      ...candidate,
      head,
      headMs: price,
      headBytes: 1000 * (1 + kind),
    }));
  });
  const candidates = kinds.flat().sort((a, b) => a.position - b.position);
  return { ...syntheticSpace(random, shape), candidates };
}

test("with all kinds of head the front is never below that of any one kind", async () => {
  const small = fc.record({
    samples: fc.integer({ min: 20, max: 80 }),
    positions: fc.integer({ min: 1, max: 3 }),
    maxExits: fc.integer({ min: 1, max: 3 }),
    levels: fc.integer({ min: 1, max: 3 }),
  });
  let gains = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(), small, async (seed, shape) => {
      const all = spaceOfKinds(seededRandom(seed), shape);
      const box = { leastCorrect: worstClassifier([all]), referenceMs: all.backboneMs };
      const volumeOf = async (candidates: SearchSpace["candidates"]) => {
        const space = { ...all, ...box, candidates };
        const useCase = { latency: "mean" } as const;
        const result = await runSearch({ space, algorithm: exact, useCase, ...unlimited }, silentJob);
        expect(result.proven).toBe(true);
        return result.hypervolume;
      };
      const together = await volumeOf(all.candidates);
      for (const kind of new Set(all.candidates.map(({ head }) => head))) {
        const alone = await volumeOf(all.candidates.filter(({ head }) => head === kind));
        expect(together).toBeGreaterThanOrEqual(alone - 1e-12);
        if (together > alone + 1e-6) gains++;
      }
    }),
    { numRuns: 60, seed: 1 },
  );
  // It is no matter of one kind being the best everywhere.
  expect(gains).toBeGreaterThan(60);
});
