import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Job, silentJob } from "../../base/job.ts";
import { seededRandom } from "../../base/random.ts";
import { bigAndLittle, randomNetworks } from "../../chains/testing/made-up-networks.ts";
import { evaluatePlan } from "../../evaluate/evaluate-plan.ts";
import type { UseCase } from "../../model/use-case.ts";
import { designSpaces } from "../../offload/partition-space.ts";
import { offloadOf } from "../../offload/testing/test-offload.ts";
import { type DesignSpace, spaceOfPlan } from "../../space/design-space.ts";
import { referenceAccuracy, referencePoint } from "../../space/reference-point.ts";
import type { SyntheticShape } from "../../space/testing/synthetic-space.ts";
import { chooseForUseCase, recommend } from "../engine/recommend.ts";
import { exact } from "../exact/exact.ts";
import { type DesignSearchState, designSearchStateSchema } from "./design-search-state.ts";
import { startDesignSearch } from "./search-designs.ts";
import { bruteForce, everyPlan, expectSame } from "./testing/brute-force.ts";
import { expectProvenBest } from "./testing/expect-proven-best.ts";
import { networkEnds, networkOf } from "./without-idle-networks.ts";

const unlimited = { budget: Number.POSITIVE_INFINITY, seed: 1 };
const runs = { numRuns: 40, seed: 15 };

const shapes = fc.record({
  samples: fc.integer({ min: 1, max: 20 }),
  positions: fc.integer({ min: 1, max: 2 }),
  maxExits: fc.integer({ min: 0, max: 2 }),
  levels: fc.integer({ min: 1, max: 3 }),
});
const further = fc.integer({ min: 1, max: 2 });

/** Every chain at every partition. */
function spacesOf(seed: number, shape: SyntheticShape, networks: number): DesignSpace[] {
  const random = seededRandom(seed);
  const { inputs, offload } = offloadOf(random, randomNetworks(random, shape, networks));
  return designSpaces(inputs, "cheaper-first", offload);
}

function isOnDevice({ partition }: DesignSpace): boolean {
  return partition === undefined;
}

async function searched(spaces: readonly DesignSpace[], useCase: UseCase, goal: "front" | "best" = "front") {
  const search = startDesignSearch({ spaces, algorithm: exact, useCase, goal, ...unlimited });
  expect(await search.advance(silentJob)).toBe(true);
  expect([search.result().proven, search.result().gap]).toEqual([true, 0]);
  return search;
}

describe.each(["mean", "p95"] as const)("by %s latency", (latency) => {
  test("finds the front that brute force finds over all chains and partitions, and that of the device alone", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), shapes, further, async (seed, shape, networks) => {
        const spaces = spacesOf(seed, shape, networks);
        const search = await searched(spaces, { latency });
        expectSame(search.result().front, bruteForce(spaces, { latency }));
        expectSame(search.alone(), bruteForce(spaces.filter(isOnDevice), { latency }));
        for (const { cut } of search.alone()) expect(cut).toBeUndefined();
        for (const point of search.result().front) {
          const { space } = spaceOfPlan(spaces, point);
          const figures = evaluatePlan(space, point.exits);
          expect(figures.accuracy).toBe(point.accuracy);
          expect(figures.latencyMs[latency]).toBeCloseTo(point.latencyMs, 9);
          // Nobody goes through a network in vain, on the server no more than on the device.
          const used = point.exits.map(({ candidate }) =>
            networkOf(networkEnds(space), space.candidates[candidate].position),
          );
          for (let network = 0; network < (point.chain?.length ?? 1) - 1; network++)
            expect(used).toContain(network);
        }
      }),
      runs,
    );
  });

  test("finds the best plan that brute force finds over all chains and partitions", async () => {
    const wishes = fc.record({
      maxDropPp: fc.integer({ min: -20, max: 30 }),
      maxWorstMs: fc.integer({ min: 2, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(), shapes, further, wishes, async (seed, shape, networks, wish) => {
        const spaces = spacesOf(seed, shape, networks);
        const useCase = { latency, ...wish };
        const search = await searched(spaces, useCase, "best");
        const wanted = chooseForUseCase(everyPlan(spaces), useCase, referenceAccuracy(spaces[0].space));
        if (!wanted.feasible) return;
        const found = recommend(spaces[0].space, search.result().front, useCase, (plan) =>
          evaluatePlan(spaceOfPlan(spaces, plan).space, plan.exits),
        );
        expect(found.feasible).toBe(true);
        expect(found.figures.latencyMs[latency]).toBeCloseTo(wanted.plan.figures.latencyMs[latency], 9);
      }),
      runs,
    );
  });
});

test("keeps only plans within the limits on worst case and size, wherever they run", async () => {
  const limits = fc.record({
    maxWorstMs: fc.integer({ min: 1, max: 9 }),
    maxBytes: fc.integer({ min: 12, max: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.nat(), shapes, further, limits, async (seed, shape, networks, limit) => {
      const spaces = spacesOf(seed, shape, networks);
      const useCase = { latency: "mean" as const, ...limit };
      const wanted = bruteForce(spaces, useCase);
      // Where nothing is within the limits the networks alone stand in for the nearest.
      if (wanted.length > 0) expectSame((await searched(spaces, useCase)).result().front, wanted);
    }),
    runs,
  );
});

test("all spaces have one reference point, and no algorithm beats the proven front within its budget", async () => {
  const spaces = spacesOf(6, { samples: 30, positions: 3, maxExits: 2, levels: 4 }, 2);
  for (const { space } of spaces) expect(referencePoint(space)).toEqual(referencePoint(spaces[0].space));
  await expectProvenBest(spaces, 3000);
});

/** Two networks that behave like trained ones, and a server ten times as fast that isn't far. */
function realistic() {
  const random = seededRandom(8);
  const shape = { samples: 3000, positions: 9, maxExits: 3, levels: 12 };
  const { inputs, offload } = offloadOf(random, bigAndLittle(random, shape));
  const link = { latencyMs: 0.02, bandwidthMbps: 1000 };
  return designSpaces(inputs, "cheaper-first", { ...offload, link });
}

test("goes on in another search where a file says that it was left, to the same end", async () => {
  const spaces = realistic();
  const useCase = { latency: "mean" as const };
  const whole = await searched(spaces, useCase);
  let left: DesignSearchState | undefined;
  for (let tries = 1; ; tries++) {
    const search = startDesignSearch({ spaces, algorithm: exact, useCase, ...unlimited, resume: left });
    let pauses = 0;
    const job: Job = { ...silentJob, isTimeUp: () => ++pauses > 2 };
    if (await search.advance(job)) {
      expect(tries).toBeGreaterThan(2);
      const { front, proven, hypervolume } = search.result();
      expect({ front, proven, hypervolume }).toEqual({
        front: whole.result().front,
        proven: true,
        hypervolume: whole.result().hypervolume,
      });
      expect(search.alone()).toEqual(whole.alone());
      return;
    }
    const kept = search.state();
    left = kept && designSearchStateSchema.parse(JSON.parse(JSON.stringify(kept)));
  }
});
