import { describe, expect, it } from "vitest";
import { silentJob } from "../base/job.ts";
import { randomInteger, seededRandom } from "../base/random.ts";
import { buildChains } from "../chains/build-chains.ts";
import { bigAndLittle } from "../chains/testing/made-up-networks.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import { isBackbone } from "../model/plan.ts";
import type { UseCase } from "../model/use-case.ts";
import { recommendAcrossSpaces } from "../search/designs/recommend-across-spaces.ts";
import { startDesignSearch } from "../search/designs/search-designs.ts";
import type { PlacedPlan } from "../search/engine/front-point.ts";
import { recommend } from "../search/engine/recommend.ts";
import { exact } from "../search/exact/exact.ts";
import { type DesignSpace, spaceOfPlan } from "../space/design-space.ts";
import type { SearchSpace } from "../space/search-space.ts";
import { splitSpaces, takeFromAll } from "../space/split-space.ts";
import { syntheticSpace } from "../space/testing/synthetic-space.ts";
import { type ConfidentUseCase, chooseControlled } from "./choose-controlled.ts";
import { controlPlans } from "./control-plans.ts";
import { planEvidence, planPValue, riskLimits, safetyMargin } from "./plan-evidence.ts";
import { testOrder } from "./test-order.ts";

const space = syntheticSpace(seededRandom(1), { samples: 4000, positions: 6, maxExits: 2, levels: 16 });
const spaces = [{ space }];
const useCase: ConfidentUseCase = { latency: "mean", maxDropPp: 2, confidence: 0.9 };

async function frontOver(on: readonly DesignSpace[], wanted: UseCase) {
  const settings = { useCase: wanted, budget: Number.POSITIVE_INFINITY, seed: 1 };
  const search = startDesignSearch({ spaces: on, algorithm: exact, ...settings });
  await search.advance(silentJob);
  return search.result().front;
}

const frontOf = (part: SearchSpace) => frontOver([{ space: part }], useCase);

async function choose(wish: Partial<ConfidentUseCase> = {}, seed = 1) {
  const wanted = { ...useCase, ...wish };
  const plain = recommend(space, await frontOf(space), wanted);
  const split = splitSpaces(spaces, seededRandom(seed));
  const front = await frontOf(split.design[0].space);
  return { plain, ...(await chooseControlled(spaces, split, front, wanted, plain, silentJob)) };
}

const drop = (exits: Parameters<typeof evaluatePlan>[1], on = space) =>
  evaluatePlan(on, []).accuracy - evaluatePlan(on, exits).accuracy;

describe("order of the tests", () => {
  it("goes from the backbone to ever faster and riskier plans", async () => {
    const { design } = splitSpaces(spaces, seededRandom(1));
    const [{ space: part }] = design;
    const order = await testOrder(design, await frontOf(part), useCase, 2667, silentJob);
    expect(order[0]).toEqual({ exits: [] });
    expect(order.length).toBeGreaterThan(10);
    const margins = order
      .slice(1)
      .map(({ exits }) => safetyMargin(planEvidence(part, exits), riskLimits(useCase), 2667));
    expect(margins).toEqual([...margins].sort((a, b) => b - a));
    const latencies = order.map(({ exits }) => evaluatePlan(part, exits).latencyMs.mean);
    expect(latencies).toEqual([...latencies].sort((a, b) => b - a));
  });

  it("holds only plans that meet the other constraints, if any does", async () => {
    const { design } = splitSpaces(spaces, seededRandom(1));
    const [{ space: part }] = design;
    const front = await frontOf(part);
    const latencyOf = (order: Awaited<ReturnType<typeof testOrder>>) =>
      order.map(({ exits }) => evaluatePlan(part, exits).latencyMs.mean);
    const within = await testOrder(design, front, { ...useCase, maxLatencyMs: 0.5 }, 2667, silentJob);
    for (const latencyMs of latencyOf(within)) expect(latencyMs).toBeLessThanOrEqual(0.5);
    const none = await testOrder(design, front, { ...useCase, maxLatencyMs: 1e-6 }, 2667, silentJob);
    expect(none[0]).toEqual({ exits: [] });
  });
});

describe("fixed sequence", () => {
  it("ends with the first plan that does not pass, though a later one would", async () => {
    const { design, control } = splitSpaces(spaces, seededRandom(1));
    const [{ space: tested }] = control;
    const order = await testOrder(design, await frontOf(design[0].space), useCase, 2667, silentJob);
    const limits = riskLimits(useCase);
    const found = await controlPlans(control, order, limits, 0.1, silentJob);
    const { passed } = found;
    expect(found.tested).toBe(passed.length + 1);
    const pass = (plan: (typeof order)[number]) =>
      planPValue(planEvidence(tested, plan.exits), limits, 0.1, isBackbone(plan)) <= 0.1;
    expect(passed.every(pass)).toBe(true);
    expect(pass(order[passed.length])).toBe(false);
    const again = await controlPlans(control, [order[passed.length], ...passed], limits, 0.1, silentJob);
    expect(again).toEqual({ passed: [], tested: 1 });
  });

  it.each([
    ["one network", spaces],
    [
      "two networks",
      buildChains(
        bigAndLittle(seededRandom(4), { samples: 8000, positions: 6, maxExits: 1, levels: 12 }),
        "cheaper-first",
      ),
    ],
  ])(
    "passes a plan that breaks the bound no oftener than agreed, and mostly one that saves time: %s",
    async (_, world) => {
      // The spaces are all there is; splits are drawn from them with replacement.
      const { design } = splitSpaces(world, seededRandom(2));
      const limits = riskLimits(useCase);
      const order = await testOrder(design, await frontOver(design, useCase), useCase, 1500, silentJob);
      const trueDrop = ({ exits, chain }: PlacedPlan) => {
        const evidence = planEvidence(spaceOfPlan(world, { chain }).space, exits);
        return (evidence.lost - evidence.gained) / evidence.samples;
      };
      const isBroken = new Map(order.map((plan) => [plan, trueDrop(plan) > 0.02]));
      const random = seededRandom(5);
      const draws = 100;
      let [broken, saving] = [0, 0];
      for (let draw = 0; draw < draws; draw++) {
        const control = takeFromAll(
          world,
          Uint32Array.from({ length: 1500 }, () => randomInteger(random, world[0].space.samples)),
        );
        const { passed } = await controlPlans(control, order, limits, 0.1, silentJob);
        if (passed.some((plan) => isBroken.get(plan))) broken++;
        if (passed.some((plan) => !isBackbone(plan))) saving++;
      }
      expect([...isBroken.values()]).toContain(true);
      expect(broken / draws).toBeLessThanOrEqual(0.1 + 2 * Math.sqrt(0.09 / draws));
      expect(saving / draws).toBeGreaterThan(0.8);
    },
  );
});

describe("risk-controlled choice", () => {
  it("is slower and more accurate than the plain one, and says of how many samples and tests it comes", async () => {
    const { plain, chosen, guarantee } = await choose();
    expect(guarantee).toMatchObject({
      confidence: 0.9,
      maxDropPp: 2,
      designSamples: 1333,
      controlSamples: 2667,
      holds: true,
    });
    expect(guarantee.tested).toBeGreaterThanOrEqual(guarantee.passed);
    expect(guarantee.samplesNeeded).toBeUndefined();
    expect(guarantee.upperBoundPp).toBeGreaterThan(guarantee.dropPp);
    expect(guarantee.upperBoundPp).toBeLessThanOrEqual(2);
    expect(chosen!.feasible).toBe(true);
    expect(chosen!.figures.latencyMs.mean).toBeLessThan(1);
    expect(chosen!.figures.latencyMs.mean).toBeGreaterThan(plain.figures.latencyMs.mean);
    expect(drop(chosen!.point.exits)).toBeLessThan(drop(plain.point.exits));
  });

  it("is the same for the same seed, and stricter for more confidence", async () => {
    const first = await choose();
    expect(await choose()).toEqual(first);
    const strict = await choose({ confidence: 0.999 });
    expect(strict.guarantee.passed).toBeLessThan(first.guarantee.passed);
  });

  it("is the backbone alone where nothing else passes, and says how many samples it would take", async () => {
    const { chosen, guarantee } = await choose({ maxDropPp: 0.01, confidence: 0.999 });
    expect(chosen!.point.exits).toEqual([]);
    expect(guarantee).toMatchObject({ holds: true, passed: 1, tested: 2, dropPp: 0, upperBoundPp: 0 });
    expect(guarantee.samplesNeeded).toBeGreaterThan(4000);
  });

  it("keeps to a least accuracy, the default drop, or admits that nothing does", async () => {
    const backbone = evaluatePlan(space, []).accuracy;
    const floor = backbone - 0.03;
    const { chosen, guarantee } = await choose({ maxDropPp: undefined, minAccuracy: floor });
    expect(guarantee).toMatchObject({ minAccuracy: floor, holds: true });
    expect(guarantee.maxDropPp).toBeUndefined();
    expect(chosen!.figures.accuracy).toBeGreaterThan(floor);
    const { guarantee: byDefault } = await choose({ maxDropPp: undefined, maxLatencyMs: 10 });
    expect(byDefault.maxDropPp).toBe(0.5);
    const { chosen: none, guarantee: broken } = await choose({ maxDropPp: undefined, minAccuracy: 0.999 });
    expect(none).toBeUndefined();
    expect(broken).toMatchObject({ holds: false, passed: 0, tested: 1 });
  });
});

describe("over several networks", () => {
  const chains = buildChains(
    bigAndLittle(seededRandom(6), { samples: 6000, positions: 6, maxExits: 2, levels: 12 }),
    "cheaper-first",
  );

  it("tests plans of all chains, and never takes another network alone for the backbone", async () => {
    const wanted = { ...useCase, maxDropPp: 1 };
    const search = (on: readonly DesignSpace[]) => frontOver(on, wanted);
    const split = splitSpaces(chains, seededRandom(1));
    const plain = recommendAcrossSpaces(chains, await search(chains), wanted);
    const front = await search(split.design);
    const order = await testOrder(split.design, front, wanted, 4000, silentJob);
    expect(new Set(order.map(({ chain = ["big"] }) => chain.join()))).toContain("little,big");
    const { chosen, guarantee } = await chooseControlled(chains, split, front, wanted, plain, silentJob);
    expect(guarantee).toMatchObject({ holds: true, designSamples: 2000, controlSamples: 4000 });
    expect(chosen!.point.chain).toEqual(["little", "big"]);
    expect(chosen!.figures.latencyMs.mean).toBeGreaterThan(plain.figures.latencyMs.mean);
    // The little network loses more than a point and a half on its own: without exits it is no backbone.
    const little = { exits: [], chain: ["little"] };
    const space = spaceOfPlan(split.control, little).space;
    const evidence = planEvidence(space, []);
    expect(isBackbone(little)).toBe(false);
    expect(evidence.lost - evidence.gained).toBeGreaterThan(0);
    const limits = riskLimits({ latency: "mean", maxDropPp: 0 });
    expect(await controlPlans(split.control, [little], limits, 0.1, silentJob)).toEqual({
      passed: [],
      tested: 1,
    });
  });
});
