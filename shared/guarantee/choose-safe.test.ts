import { describe, expect, it } from "vitest";
import { silentJob } from "../base/job.ts";
import { seededRandom } from "../base/random.ts";
import { buildChains } from "../chains/build-chains.ts";
import { bigAndLittle } from "../chains/testing/made-up-networks.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import { isBackbone } from "../model/plan.ts";
import type { UseCase } from "../model/use-case.ts";
import { startDesignSearch } from "../search/designs/search-designs.ts";
import type { PlacedPlan } from "../search/engine/front-point.ts";
import { recommend } from "../search/engine/recommend.ts";
import { runSearch } from "../search/engine/run-search.ts";
import { exact } from "../search/exact/exact.ts";
import { spaceOfPlan } from "../space/design-space.ts";
import { syntheticSpace } from "../space/testing/synthetic-space.ts";
import { chooseSafe, samplesToSettle } from "./choose-safe.ts";
import { dropOutlook } from "./drop-outlook.ts";
import { planEvidence, riskLimits } from "./plan-evidence.ts";

const space = syntheticSpace(seededRandom(1), { samples: 4000, positions: 6, maxExits: 2, levels: 16 });
const useCase: UseCase = { latency: "mean", maxDropPp: 2 };
const bias = [{ dropPp: 0, deviations: 1 }];

async function frontFor(wanted: UseCase) {
  const task = { space, algorithm: exact, useCase: wanted, budget: Number.POSITIVE_INFINITY, seed: 1 };
  return (await runSearch(task, silentJob)).front;
}

async function choose(wanted: UseCase, confidence = 0.95) {
  return chooseSafe(
    { spaces: [{ space }], useCase: wanted, bias, confidence },
    await frontFor(wanted),
    silentJob,
  );
}

it("takes the fastest plan whose wish is kept so probably, between the plain plan and the backbone", async () => {
  const front = await frontFor(useCase);
  const plain = recommend(space, front, useCase).point.exits;
  const kept = (exits: typeof plain) =>
    dropOutlook(planEvidence(space, exits), bias, riskLimits(useCase), 0.95, false).keptProbability!;
  const meanMs = (exits: typeof plain) => evaluatePlan(space, exits).latencyMs.mean;
  const safe = (await choose(useCase))!.plan!.exits;
  const safer = (await choose(useCase, 0.999))!.plan!.exits;
  expect(kept(plain)).toBeLessThan(0.5);
  expect(kept(safe)).toBeGreaterThanOrEqual(0.95);
  expect(kept(safer)).toBeGreaterThanOrEqual(0.999);
  expect(meanMs(plain)).toBeLessThan(meanMs(safe));
  expect(meanMs(safe)).toBeLessThan(meanMs(safer));
  expect(meanMs(safer)).toBeLessThan(space.backboneMs);
  for (const { exits } of front)
    if (meanMs(exits) < meanMs(safe) && exits.length > 0) expect(kept(exits)).toBeLessThan(0.95);
});

it("keeps to the other constraints, and has none where nothing is wanted of the accuracy", async () => {
  const safe = (await choose(useCase))!.plan!.exits;
  const { mean, p95 } = evaluatePlan(space, safe).latencyMs;
  expect((await choose({ ...useCase, maxLatencyMs: 0.9 * mean }))!.plan).toBeUndefined();
  const limited = (await choose({ ...useCase, maxP95Ms: 0.999 * p95 }))!.plan;
  if (limited) expect(evaluatePlan(space, limited.exits).latencyMs.p95).toBeLessThan(p95);
  expect(await choose({ latency: "mean", maxLatencyMs: 1 })).toBeUndefined();
});

describe("over several networks", () => {
  const chains = buildChains(
    bigAndLittle(seededRandom(6), { samples: 4000, positions: 6, maxExits: 2, levels: 12 }),
    "cheaper-first",
  );

  it("tries each plan in its own chain, against the backbone", async () => {
    const wanted: UseCase = { latency: "mean", maxDropPp: 1 };
    const search = startDesignSearch({
      spaces: chains,
      algorithm: exact,
      useCase: wanted,
      budget: Number.POSITIVE_INFINITY,
      seed: 1,
    });
    await search.advance(silentJob);
    const { front } = search.result();
    const { plan } = (await chooseSafe(
      { spaces: chains, useCase: wanted, bias, confidence: 0.95 },
      front,
      silentJob,
    ))!;
    expect(plan!.chain).toEqual(["little", "big"]);
    const kept = ({ exits, chain }: PlacedPlan) => {
      const evidence = planEvidence(spaceOfPlan(chains, { chain }).space, exits);
      return dropOutlook(evidence, bias, riskLimits(wanted), 0.95, isBackbone({ exits, chain }))
        .keptProbability!;
    };
    const meanMs = ({ exits, chain }: PlacedPlan) =>
      evaluatePlan(spaceOfPlan(chains, { chain }).space, exits).latencyMs.mean;
    expect(kept(plan!)).toBeGreaterThanOrEqual(0.95);
    for (const other of front) if (meanMs(other) < meanMs(plan!)) expect(kept(other)).toBeLessThan(0.95);
  });

  it("takes another network alone where that is safe, and no backbone for it", async () => {
    const wanted: UseCase = { latency: "mean", maxDropPp: 10 };
    const alone = { exits: [], chain: ["little"] };
    const choose = (front: readonly PlacedPlan[]) =>
      chooseSafe({ spaces: chains, useCase: wanted, bias, confidence: 0.95 }, front, silentJob);
    expect((await choose([{ exits: [] }, alone]))!.plan).toEqual(alone);
    expect((await choose([{ exits: [] }]))!.plan).toBeUndefined();
  });
});

it("says how many images would show a plan to be safe", async () => {
  const { plan, samplesNeeded } = (await choose({ ...useCase, maxDropPp: 0.02 }, 0.9999))!;
  expect(plan).toBeUndefined();
  expect(samplesNeeded).toBeGreaterThan(space.samples);
});

it("says how many would settle a wish: four times as many halve what is uncertain", () => {
  // 75 lost, 25 gained, and 10 more lost elsewhere: 60 of 5000, and 110 changes.
  const evidence = { samples: 5000, right: 4400, lost: 75, gained: 25 };
  const deviation = Math.sqrt(110) / 5000;
  const expected = 0.012;
  const settles = (maxDrop: number) =>
    (1.644854 * deviation * Math.sqrt(5000)) ** 2 / (maxDrop - expected) ** 2;
  for (const maxDrop of [0.01, 0.014, 0.013])
    expect(samplesToSettle(evidence, bias, { maxDrop }, 0.95)).toBe(Number(settles(maxDrop).toPrecision(2)));
  expect(settles(0.013)).toBeCloseTo(4 * settles(0.014), 3);
  expect(samplesToSettle(evidence, bias, { maxDrop: expected }, 0.95)).toBeUndefined();
});
