import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Job, silentJob } from "../../base/job.ts";
import { randomInteger, seededRandom } from "../../base/random.ts";
import { inputsOf } from "../../chains/testing/made-up-networks.ts";
import { evaluatePlan } from "../../evaluate/evaluate-plan.ts";
import { designSpaces } from "../../offload/partition-space.ts";
import { offloadOf, randomOffload } from "../../offload/testing/test-offload.ts";
import { type PlanPoint, paretoFront } from "../../pareto/pareto-front.ts";
import { type DesignSpace, spaceOfPlan } from "../../space/design-space.ts";
import { expandWeights } from "../../space/expand-weights.ts";
import { allPlans } from "../../space/testing/all-plans.ts";
import { type SyntheticShape, syntheticSpace } from "../../space/testing/synthetic-space.ts";
import { thresholdGrid } from "../../space/threshold-grid.ts";
import type { FrontPoint } from "../engine/front-point.ts";
import { recommend } from "../engine/recommend.ts";
import { exact } from "../exact/exact.ts";
import { type DesignSearchState, designSearchStateSchema } from "./design-search-state.ts";
import { promisingSpaces } from "./promising-spaces.ts";
import { startDesignSearch } from "./search-designs.ts";
import { expectProvenBest } from "./testing/expect-proven-best.ts";

const unlimited = { budget: Number.POSITIVE_INFINITY, seed: 1 };

const shapes = fc.record({
  samples: fc.integer({ min: 1, max: 40 }),
  positions: fc.integer({ min: 1, max: 4 }),
  maxExits: fc.integer({ min: 0, max: 3 }),
  levels: fc.integer({ min: 1, max: 4 }),
});

function spacesOf(seed: number, shape: SyntheticShape): DesignSpace[] {
  const { inputs, offload } = randomOffload(seededRandom(seed), shape);
  return designSpaces(inputs, "cheaper-first", offload);
}

/** Every plan at every partition. */
function bruteForce(spaces: readonly DesignSpace[], latency: "mean" | "p50" | "p95", maxWorstMs = 1e9) {
  return paretoFront(
    spaces.flatMap(({ space }) =>
      [...allPlans(space, thresholdGrid(expandWeights(space)))].flatMap((exits) => {
        const { accuracy, latencyMs } = evaluatePlan(space, exits);
        return latencyMs.worst <= maxWorstMs * (1 + 1e-9)
          ? [{ accuracy, latencyMs: latencyMs[latency] }]
          : [];
      }),
    ),
  );
}

/** The same plan at another partition is summed up in another order, so equal latencies may differ in their last digits. */
function expectSame(found: readonly FrontPoint[], wanted: ReturnType<typeof bruteForce>) {
  const rounded = (points: readonly PlanPoint[]) =>
    paretoFront(
      points.map(({ accuracy, latencyMs }) => ({ accuracy, latencyMs: Number(latencyMs.toFixed(9)) })),
    );
  expect(rounded(found)).toEqual(rounded(wanted));
}

describe.each(["mean", "p50", "p95"] as const)("by %s latency", (latency) => {
  test("finds the front that brute force finds over all partitions, and says where each plan is partitioned", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), shapes, async (seed, shape) => {
        const spaces = spacesOf(seed, shape);
        const search = startDesignSearch({ spaces, algorithm: exact, useCase: { latency }, ...unlimited });
        expect(await search.advance(silentJob)).toBe(true);
        const { front, proven, gap } = search.result();
        expect([proven, gap]).toEqual([true, 0]);
        expectSame(front, bruteForce(spaces, latency));
        expectSame(search.alone(), bruteForce(spaces.slice(0, 1), latency));
        for (const { exits, cut, accuracy, latencyMs } of front) {
          const figures = evaluatePlan(spaceOfPlan(spaces, { cut }).space, exits);
          expect(figures.accuracy).toBe(accuracy);
          expect(figures.latencyMs[latency]).toBeCloseTo(latencyMs, 9);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test("keeps only plans within the limits on how samples spread, at every partition", async () => {
  const limits = fc.record({
    latency: fc.constant("mean" as const),
    maxWorstMs: fc.integer({ min: 1, max: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.nat(), shapes, limits, async (seed, shape, useCase) => {
      const spaces = spacesOf(seed, shape);
      const search = startDesignSearch({ spaces, algorithm: exact, useCase, ...unlimited });
      await search.advance(silentJob);
      expectSame(search.result().front, bruteForce(spaces, "mean", useCase.maxWorstMs));
    }),
    { numRuns: 60 },
  );
});

test("counts samples as often as they weigh", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), shapes, async (seed, shape) => {
      const random = seededRandom(seed);
      const counts = Uint32Array.from({ length: shape.samples }, () => 1 + randomInteger(random, 4));
      const total = counts.reduce((sum, count) => sum + count, 0);
      const weights = { counts, total, effectiveSamples: total };
      const spaces = spacesOf(seed, shape).map((on) => ({ ...on, space: { ...on.space, weights } }));
      const search = startDesignSearch({
        spaces,
        algorithm: exact,
        useCase: { latency: "mean" },
        ...unlimited,
      });
      await search.advance(silentJob);
      expectSame(search.result().front, bruteForce(spaces, "mean"));
    }),
    { numRuns: 60 },
  );
});

test("finds the best plan that the front over all partitions holds", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), shapes, fc.integer({ min: 0, max: 30 }), async (seed, shape, maxDropPp) => {
      const spaces = spacesOf(seed, shape);
      const useCase = { latency: "mean" as const, maxDropPp };
      const best = async (goal: "front" | "best") => {
        const search = startDesignSearch({ spaces, algorithm: exact, useCase, goal, ...unlimited });
        await search.advance(silentJob);
        const figuresOf = ({ exits, cut }: FrontPoint) =>
          evaluatePlan(spaceOfPlan(spaces, { cut }).space, exits);
        return recommend(spaces[0].space, search.result().front, useCase, figuresOf);
      };
      const [wanted, found] = [await best("front"), await best("best")];
      expect(found.feasible).toBe(wanted.feasible);
      expect(found.point.accuracy).toBe(wanted.point.accuracy);
      expect(found.point.latencyMs).toBeCloseTo(wanted.point.latencyMs, 9);
    }),
    { numRuns: 60 },
  );
});

test("no algorithm beats the proven front, and each keeps to its budget over all partitions", async () => {
  const spaces = spacesOf(5, { samples: 40, positions: 4, maxExits: 2, levels: 6 });
  await expectProvenBest(spaces, 600);
});

/** Many partitions that are worth a search. */
function manyPartitions(): DesignSpace[] {
  const random = seededRandom(1);
  const { inputs, offload } = offloadOf(
    random,
    inputsOf(syntheticSpace(random, { samples: 3000, positions: 8, maxExits: 3, levels: 16 })),
  );
  const spaces = designSpaces(inputs, "cheaper-first", {
    ...offload,
    link: { latencyMs: 0.05, bandwidthMbps: 300 },
  });
  expect(promisingSpaces(spaces, meanFront.useCase).length).toBeGreaterThan(4);
  return spaces;
}

const meanFront = { useCase: { latency: "mean" as const }, ...unlimited };
const hurried: Job = { ...silentJob, isTimeUp: () => true };

test("stops when its time is up, says what may be missing, and goes on to the same end", async () => {
  const spaces = manyPartitions();
  const whole = startDesignSearch({ spaces, algorithm: exact, ...meanFront });
  await whole.advance(silentJob);
  const search = startDesignSearch({ spaces, algorithm: exact, ...meanFront });
  let volume = 0;
  let stops = 0;
  for (; !(await search.advance(hurried)); stops++) {
    const { proven, gap, hypervolume, front } = search.result();
    expect(proven).toBe(false);
    // Also while the device alone is searched plans are known as they are at the partitions to come.
    expect(front.some(({ cut }) => cut !== undefined)).toBe(true);
    expect(hypervolume).toBeGreaterThanOrEqual(volume);
    // What is still to come lies within what was said to be missing.
    expect(whole.result().hypervolume - hypervolume).toBeLessThanOrEqual(gap! + 1e-12);
    volume = hypervolume;
  }
  expect(stops).toBeGreaterThan(3);
  expect(search.result()).toEqual(whole.result());
});

test("goes on in another search where a file says that it was left, and repeats no partition that was done", async () => {
  const spaces = manyPartitions();
  const whole = startDesignSearch({ spaces, algorithm: exact, ...meanFront });
  await whole.advance(silentJob);
  let left: DesignSearchState | undefined;
  let evaluationsBefore = 0;
  for (let runs = 1; ; runs++) {
    const search = startDesignSearch({ spaces, algorithm: exact, ...meanFront, resume: left });
    // As long as it takes to leave a part behind.
    let pauses = 0;
    const job = { ...silentJob, isTimeUp: () => ++pauses > 1 };
    const ended = await search.advance(job);
    const { front, proven, evaluations, hypervolume } = search.result();
    expect(evaluations).toBeGreaterThanOrEqual(evaluationsBefore);
    evaluationsBefore = evaluations;
    if (ended) {
      expect(runs).toBeGreaterThan(2);
      expect(left?.finished.length).toBeGreaterThan(0);
      expect({ front, proven, hypervolume }).toEqual({
        front: whole.result().front,
        proven: true,
        hypervolume: whole.result().hypervolume,
      });
      expect(search.alone()).toEqual(whole.alone());
      return;
    }
    const kept = search.state();
    expect(kept?.finished.length ?? 0).toBeGreaterThanOrEqual(left?.finished.length ?? 0);
    left = kept && designSearchStateSchema.parse(JSON.parse(JSON.stringify(kept)));
  }
});

test("partitions that help no plan are not searched", () => {
  const { inputs, offload } = randomOffload(seededRandom(4), {
    samples: 20,
    positions: 4,
    maxExits: 2,
    levels: 3,
  });
  const linked = (latencyMs: number) =>
    promisingSpaces(
      designSpaces(inputs, "cheaper-first", { ...offload, link: { ...offload.link, latencyMs } }),
      meanFront.useCase,
    );
  // Nothing is worth two seconds on the way.
  expect(linked(1000).map(({ partition }) => partition)).toEqual([undefined]);
  const free = { latencyMs: 0, bandwidthMbps: 1e9 };
  const near = promisingSpaces(
    designSpaces(inputs, "cheaper-first", { ...offload, link: free }),
    meanFront.useCase,
  );
  expect(near.length).toBeGreaterThan(1);
});
