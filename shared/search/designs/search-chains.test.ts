import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Job, silentJob } from "../../base/job.ts";
import { randomInteger, seededRandom } from "../../base/random.ts";
import { buildChains } from "../../chains/build-chains.ts";
import { bigAndLittle, randomNetworks } from "../../chains/testing/made-up-networks.ts";
import { evaluatePlan } from "../../evaluate/evaluate-plan.ts";
import type { UseCase } from "../../model/use-case.ts";
import { type DesignSpace, spaceOfPlan } from "../../space/design-space.ts";
import { referenceAccuracy, referencePoint } from "../../space/reference-point.ts";
import type { SyntheticShape } from "../../space/testing/synthetic-space.ts";
import type { FrontPoint } from "../engine/front-point.ts";
import { chooseForUseCase, recommend } from "../engine/recommend.ts";
import { exact } from "../exact/exact.ts";
import { type DesignSearchState, designSearchStateSchema } from "./design-search-state.ts";
import { createKnownPlans } from "./known-plans.ts";
import { promisingSpaces } from "./promising-spaces.ts";
import { startDesignSearch } from "./search-designs.ts";
import { bruteForce, everyPlan, expectSame } from "./testing/brute-force.ts";
import { expectProvenBest } from "./testing/expect-proven-best.ts";
import { networkEnds, networkOf, withoutIdleNetworks } from "./without-idle-networks.ts";

const unlimited = { budget: Number.POSITIVE_INFINITY, seed: 1 };
const runs = { numRuns: 60, seed: 14 };

const shapes = fc.record({
  samples: fc.integer({ min: 1, max: 30 }),
  positions: fc.integer({ min: 1, max: 2 }),
  maxExits: fc.integer({ min: 0, max: 3 }),
  levels: fc.integer({ min: 1, max: 3 }),
});
const further = fc.integer({ min: 1, max: 2 });

function spacesOf(seed: number, shape: SyntheticShape, networks: number, isWeighted = false): DesignSpace[] {
  const random = seededRandom(seed);
  const inputs = randomNetworks(random, shape, networks);
  const sampleWeights = Array.from({ length: shape.samples }, () => 1 + randomInteger(random, 4));
  return buildChains(isWeighted ? { ...inputs, sampleWeights } : inputs, "cheaper-first");
}

/** Whoever goes through a network has an exit to leave by, there or at the end of all. */
function expectNoIdleNetwork(spaces: readonly DesignSpace[], { exits, chain = ["backbone"] }: FrontPoint) {
  const { space } = spaceOfPlan(spaces, { chain: chain.join() === "backbone" ? undefined : chain });
  const used = exits.map(({ candidate }) =>
    networkOf(networkEnds(space), space.candidates[candidate].position),
  );
  for (let network = 0; network < chain.length - 1; network++) expect(used).toContain(network);
}

async function searched(spaces: readonly DesignSpace[], useCase: UseCase, goal: "front" | "best" = "front") {
  const search = startDesignSearch({ spaces, algorithm: exact, useCase, goal, ...unlimited });
  expect(await search.advance(silentJob)).toBe(true);
  expect([search.result().proven, search.result().gap]).toEqual([true, 0]);
  return search.result();
}

describe.each(["mean", "p50", "p95"] as const)("by %s latency", (latency) => {
  test("finds the front that brute force finds over all chains, and says which networks each plan goes through", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), shapes, further, async (seed, shape, networks) => {
        const spaces = spacesOf(seed, shape, networks);
        const { front } = await searched(spaces, { latency });
        expectSame(front, bruteForce(spaces, { latency }));
        for (const point of front) {
          const figures = evaluatePlan(spaceOfPlan(spaces, point).space, point.exits);
          expect(figures.accuracy).toBe(point.accuracy);
          expect(figures.latencyMs[latency]).toBeCloseTo(point.latencyMs, 9);
          expectNoIdleNetwork(spaces, point);
        }
      }),
      runs,
    );
  });

  test("finds the best plan that brute force finds over all chains", async () => {
    const wishes = fc.record(
      {
        maxDropPp: fc.integer({ min: -20, max: 30 }),
        maxLatencyMs: fc.integer({ min: 1, max: 12 }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(), shapes, further, wishes, async (seed, shape, networks, wish) => {
        const spaces = spacesOf(seed, shape, networks);
        const useCase = { latency, ...wish };
        const { front } = await searched(spaces, useCase, "best");
        const wanted = chooseForUseCase(everyPlan(spaces), useCase, referenceAccuracy(spaces[0].space));
        if (!wanted.feasible) return;
        const found = recommend(spaces[0].space, front, useCase, (plan) =>
          evaluatePlan(spaceOfPlan(spaces, plan).space, plan.exits),
        );
        expect(found.feasible).toBe(true);
        const { accuracy, latencyMs } = wanted.plan.figures;
        const wantsAccuracy = wish.maxDropPp !== undefined || wish.maxLatencyMs === undefined;
        if (wantsAccuracy) expect(found.figures.latencyMs[latency]).toBeCloseTo(latencyMs[latency], 9);
        else expect(found.figures.accuracy).toBe(accuracy);
      }),
      runs,
    );
  });
});

test("keeps only plans within the limits on worst case, p95 and size, of all networks that they go through", async () => {
  const limits = fc.record(
    {
      maxWorstMs: fc.integer({ min: 2, max: 16 }),
      maxP95Ms: fc.integer({ min: 2, max: 12 }),
      maxBytes: fc.integer({ min: 12, max: 40 }),
      maxMemoryBytes: fc.integer({ min: 14, max: 40 }),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(), shapes, further, limits, async (seed, shape, networks, limit) => {
      const spaces = spacesOf(seed, shape, networks);
      const useCase = { latency: "mean" as const, ...limit };
      const wanted = bruteForce(spaces, useCase);
      // Where nothing is within the limits the networks alone stand in for the nearest.
      if (wanted.length > 0) expectSame((await searched(spaces, useCase)).front, wanted);
    }),
    { ...runs, numRuns: 150 },
  );
});

test("counts samples as often as they weigh, in all networks", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), shapes, further, async (seed, shape, networks) => {
      const spaces = spacesOf(seed, shape, networks, true);
      expectSame(
        (await searched(spaces, { latency: "mean" })).front,
        bruteForce(spaces, { latency: "mean" }),
      );
    }),
    runs,
  );
});

test("no algorithm beats the proven front, none goes through a network in vain, and each keeps to its budget", async () => {
  const spaces = spacesOf(3, { samples: 30, positions: 3, maxExits: 3, levels: 4 }, 2);
  for (const front of await expectProvenBest(spaces, 1400))
    for (const point of front) expectNoIdleNetwork(spaces, point);
});

test("a plan that passes through a network in vain is shown as that of the shorter chain, which is faster", async () => {
  const shape = { samples: 1000, positions: 9, maxExits: 2, levels: 8 };
  const spaces = buildChains(bigAndLittle(seededRandom(1), shape), "cheaper-first");
  const both = spaces.find(({ chain }) => chain?.length === 2)!;
  const [backbone] = spaces;
  const { candidates } = both.space;
  const exit = candidates.findIndex(({ member, cutPoint }) => member === undefined && cutPoint === "cut-4");
  const vain = [{ candidate: exit, threshold: 0.7 }];
  const plans = createKnownPlans(spaces, { latency: "mean" });
  const { latencyMs } = evaluatePlan(both.space, vain);
  // Said to be always right, so that it is on the front whatever else is known.
  plans.add([{ exits: vain, right: 1000, accuracy: 1, latencyMs: latencyMs.mean }], both);
  const found = plans.rivals(backbone).at(-1)!;
  expect(found.chain).toBeUndefined();
  expect(backbone.space.candidates[found.exits[0].candidate].cutPoint).toBe("cut-4");
  // The whole of the little network is 0.3 ms.
  expect(found.latencyMs).toBeCloseTo(latencyMs.mean - 0.3, 9);
  expect(withoutIdleNetworks([], both, spaces)).toEqual([{ on: backbone, exits: [] }]);
  const used = [{ candidate: 0, threshold: 0.9 }];
  expect(withoutIdleNetworks(used, both, spaces)).toEqual([]);
});

const meanFront = { useCase: { latency: "mean" as const }, ...unlimited };

test("goes on in another search where a file says that it was left, to the same end", async () => {
  const shape = { samples: 3000, positions: 9, maxExits: 3, levels: 16 };
  const spaces = buildChains(bigAndLittle(seededRandom(8), shape), "cheaper-first");
  const whole = startDesignSearch({ spaces, algorithm: exact, ...meanFront });
  await whole.advance(silentJob);
  let left: DesignSearchState | undefined;
  for (let tries = 1; ; tries++) {
    const search = startDesignSearch({ spaces, algorithm: exact, ...meanFront, resume: left });
    let pauses = 0;
    const job: Job = { ...silentJob, isTimeUp: () => ++pauses > 1 };
    if (await search.advance(job)) {
      expect(tries).toBeGreaterThan(2);
      expect(left?.current?.chain).toEqual(["little", "big"]);
      const { front, proven, hypervolume } = search.result();
      expect({ front, proven, hypervolume }).toEqual({
        front: whole.result().front,
        proven: true,
        hypervolume: whole.result().hypervolume,
      });
      return;
    }
    const kept = search.state();
    left = kept && designSearchStateSchema.parse(JSON.parse(JSON.stringify(kept)));
  }
});

test("all chains have one reference point, the backbone's latency and the worst classifier of all networks", () => {
  const spaces = spacesOf(5, { samples: 40, positions: 3, maxExits: 2, levels: 4 }, 2);
  const points = spaces.map(({ space }) => referencePoint(space));
  for (const point of points) expect(point).toEqual(points[0]);
  expect(points[0].latencyMs).toBe(spaces[0].space.backboneMs);
  const right = spaces.flatMap(({ space }) =>
    [space.backboneCorrect, ...space.candidates.map(({ correct }) => correct)].map((correct) =>
      correct.reduce((sum, bit) => sum + bit, 0),
    ),
  );
  expect(points[0].right).toBe(Math.min(...right));
});

test("leaves out chains that weigh too much, or whose last network nobody gets to in time; if all do, the networks alone stay", () => {
  const spaces = spacesOf(5, { samples: 4, positions: 1, maxExits: 1, levels: 1 }, 2);
  const lengths = (limit: Partial<UseCase>) =>
    promisingSpaces(spaces, { latency: "mean", ...limit }).map(({ chain = [""] }) => chain.length);
  expect(lengths({})).toEqual([1, 1, 1, 2, 2, 2, 3]);
  // Each network of the fixture weighs 10 bytes.
  expect(lengths({ maxBytes: 25 })).toEqual([1, 1, 1, 2, 2, 2]);
  expect(lengths({ maxBytes: 15 })).toEqual([1, 1, 1]);
  expect(lengths({ maxBytes: 5 })).toEqual([1, 1, 1]);
  expect(lengths({ maxWorstMs: 1e-9 })).toEqual([1, 1, 1]);
});
