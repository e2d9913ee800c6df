import fc from "fast-check";
import { expect, it } from "vitest";
import { silentJob } from "../base/job.ts";
import { type Random, seededRandom } from "../base/random.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import { outputHead } from "../model/plan.ts";
import { paretoFront } from "../pareto/pareto-front.ts";
import { plansWithoutHeads } from "../search/designs/plans-without-heads.ts";
import { startDesignSearch } from "../search/designs/search-designs.ts";
import type { PlacedPlan } from "../search/engine/front-point.ts";
import { exact } from "../search/exact/exact.ts";
import type { NetworkInputs } from "../space/build-space.ts";
import { type DesignSpace, spaceOfPlan } from "../space/design-space.ts";
import { fromPlanExits, toPlanExits } from "../space/plan-exits.ts";
import { allPlans } from "../space/testing/all-plans.ts";
import { thresholdGrid } from "../space/threshold-grid.ts";
import { buildChains } from "./build-chains.ts";
import { distinctOutputs } from "./distinct-outputs.ts";
import { randomNetworks } from "./testing/made-up-networks.ts";

/** With a second policy, which shifts what heads say and leaves the output alone as thresholds per class do. */
function withPerClass<Network extends NetworkInputs>(network: Network, random: Random): Network {
  const [[, table]] = network.tables;
  const ofHeads = table.exits * table.samples;
  const confidence = table.confidence.map((value, at) => (at < ofHeads ? value * random() : value));
  const { heads } = network.profile;
  return {
    ...network,
    tables: new Map([...network.tables, ["per-class", { ...table, confidence }]]),
    profile: {
      ...network.profile,
      heads: [...heads, ...heads.map((head) => ({ ...head, policy: "per-class" }))],
    },
  };
}

function spacesOf(seed: number, samples: number): DesignSpace[] {
  const random = seededRandom(seed);
  const { members = [], ...backbone } = randomNetworks(
    random,
    { samples, positions: 1, maxExits: 2, levels: 2 },
    1,
  );
  const networks = {
    ...withPerClass(backbone, random),
    members: members.map((own) => withPerClass(own, random)),
  };
  return buildChains(networks, "cheaper-first");
}

const everyPlan = (spaces: readonly DesignSpace[]) =>
  spaces.flatMap((on) =>
    [...allPlans(on.space, thresholdGrid(on.space))].map((exits) => ({ exits, chain: on.chain })),
  );

it("an output stands once in a search, under the plain policy, and heads under both", () => {
  const spaces = spacesOf(1, 12).map(distinctOutputs);
  const chain = spaces.find((on) => on.chain?.length === 2)!;
  const { candidates } = chain.space;
  const outputs = candidates.filter(({ head }) => head === outputHead);
  expect(outputs.map(({ policy }) => policy)).toEqual(["top1"]);
  const headsUnder = (policy: string) => candidates.filter((own) => own.policy === policy).length;
  expect(headsUnder("per-class")).toBe(headsUnder("top1") - 1);
  const [alone] = spacesOf(1, 12);
  expect(distinctOutputs(alone)).toBe(alone);
});

it("an output under a policy that says something else of it stays", () => {
  const chain = spacesOf(1, 12).find((on) => on.chain?.length === 2)!;
  const candidates = chain.space.candidates.map((own) =>
    own.head === outputHead && own.policy === "per-class"
      ? { ...own, confidence: own.confidence.map((value) => value / 2) }
      : own,
  );
  const differing = { ...chain, space: { ...chain.space, candidates } };
  expect(distinctOutputs(differing)).toBe(differing);
});

it("no plan is lost, and none is there twice: the front is that of all plans, and evaluates alike under either name", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 2, max: 20 }), async (seed, samples) => {
      const all = spacesOf(seed, samples);
      const spaces = all.map(distinctOutputs);
      const [plans, distinct] = [all, spaces].map(everyPlan);
      expect(distinct.length).toBeLessThan(plans.length);
      const settings = { useCase: { latency: "mean" as const }, budget: Number.POSITIVE_INFINITY, seed: 1 };
      const search = startDesignSearch({ spaces, algorithm: exact, ...settings });
      await search.advance(silentJob);
      const { front, proven } = search.result();
      expect(proven).toBe(true);
      // What is known before the search may lie between the levels of the grid.
      const known = spaces.flatMap(({ space, chain }) =>
        plansWithoutHeads(space).map((exits) => ({ exits, chain })),
      );
      const figuresOf = (on: readonly DesignSpace[], { exits, chain }: PlacedPlan) => {
        const { accuracy, latencyMs } = evaluatePlan(spaceOfPlan(on, { chain }).space, exits);
        return { accuracy, latencyMs: Number(latencyMs.mean.toFixed(9)) };
      };
      expect(paretoFront(front.map(({ exits, chain }) => figuresOf(spaces, { exits, chain })))).toEqual(
        paretoFront([
          ...plans.map((plan) => figuresOf(all, plan)),
          ...known.map((plan) => figuresOf(spaces, plan)),
        ]),
      );
      for (const { exits, chain } of front) {
        const named = toPlanExits(spaceOfPlan(spaces, { chain }).space, exits);
        const renamed = named.map((exit) =>
          exit.head === outputHead ? { ...exit, policy: "per-class" } : exit,
        );
        for (const written of [named, renamed]) {
          const placed = fromPlanExits(spaceOfPlan(all, { chain }).space, written);
          expect(figuresOf(all, { exits: placed, chain })).toEqual(figuresOf(spaces, { exits, chain }));
        }
      }
    }),
    { numRuns: 40, seed: 14 },
  );
});
