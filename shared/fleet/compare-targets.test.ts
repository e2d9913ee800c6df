import { describe, expect, test } from "vitest";
import { silentJob } from "../base/job.ts";
import { randomInteger, seededRandom } from "../base/random.ts";
import { inputsOf, randomNetworks } from "../chains/testing/made-up-networks.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import type { ChartedPlan } from "../files/front-file.ts";
import { wayOf } from "../model/plan.ts";
import { evaluationSpaces, type ProjectInputs } from "../offload/partition-space.ts";
import { designOf as wayOfSpace } from "../space/design-space.ts";
import { toPlanExits } from "../space/plan-exits.ts";
import { syntheticSpace } from "../space/testing/synthetic-space.ts";
import { compareTargets, type FleetComparison, type Ranking } from "./compare-targets.ts";
import {
  designOf,
  early,
  evenAndSteep,
  evenTarget,
  networks,
  steepTarget,
} from "./testing/made-up-targets.ts";
import type { TargetDesign } from "./transfer.ts";

const question = { useCase: { latency: "mean" }, policies: ["top1"], networks } as const;

function ranking({ rankings }: FleetComparison, kind: Ranking["kind"]): Ranking {
  return rankings.find((own) => own.kind === kind)!;
}

describe("two targets", () => {
  const compared = compareTargets(evenAndSteep(), question, silentJob);

  test("prefixes contain each other, so their order stays, and their shares say what differs", async () => {
    // a takes 1 of 4 ms on one, 3 of 4 on the other; b 3 and 3.25.
    expect(ranking(await compared, "prefixes")).toMatchObject({
      network: "net",
      targets: [0, 1],
      items: 2,
      pairs: 1,
      swapped: 0,
      tauB: 1,
      spearman: 1,
      // 0.25 ± 0.025 and 0.75 ± 0.025.
      largestShift: { key: "a", one: 0.25, other: 0.75, isOpen: false },
    });
  });

  test("what lies between the cut points is ranked as it is", async () => {
    // 1, 2 and 1 ms of 4; and 3, 0.25 and 0.75: the first two change places, and the second with the third.
    const found = ranking(await compared, "stretches");
    expect(found).toMatchObject({ items: 3, pairs: 3, swapped: 2, largestShift: { key: "a" } });
    // scipy.stats.kendalltau([1, 2, 1], [3, 0.25, 0.75]) and spearmanr
    expect(found.tauB).toBeCloseTo(-0.816496580927726, 12);
    expect(found.spearman).toBeCloseTo(-0.866025403784438, 12);
    // 2 - 1 may be as little as 1 - 0.2 - 2 x 0.1 = 0.6 ms, and 0.25 - 3 as much as -2.35; the same of 2 less 1 at the end is
    // 1 - 2 x 0.2 - 0.1 - 0.05 = 0.45 ms, but 0.25 - 0.75 = -0.5 ± 0.55.
    expect(found.swappedSurely).toBe(1);
  });

  test("exits and outputs are ranked by what a sample takes that leaves there", async () => {
    // 1.5, 3.5 and 4 ms on one; 3.5, 3.75 and 4 on the other.
    expect(ranking(await compared, "exits")).toMatchObject({
      items: 3,
      swapped: 0,
      tauB: 1,
      largestShift: { one: 0.375, other: 0.875 },
    });
  });

  test("the plans of both fronts are ranked, each once", async () => {
    // Hasty, early and late take 2.25, 3 and 3.75 ms; on the other 3.75, 4 and 3.9375: early and late change places.
    const found = ranking(await compared, "plans");
    expect(found).toMatchObject({ items: 3, pairs: 3, swapped: 1, swappedSurely: 0 });
    expect(found.tauB).toBeCloseTo(1 / 3, 12);
    expect(found.spearman).toBeCloseTo(0.5, 12);
  });

  test("every plan stands on every target", async () => {
    const { transfers, targets, useCase } = await compared;
    expect(transfers.map(({ from, to, lostPct }) => [from, to, Math.round(100 * lostPct) / 100])).toEqual([
      [0, 0, 0],
      [0, 1, 1.56],
      [1, 0, 20],
      [1, 1, 0],
    ]);
    expect(targets.map(({ target, backboneMs }) => [target.device, backboneMs])).toEqual([
      ["even", 4],
      ["steep", 4],
    ]);
    // What a search falls back on where nothing is wanted.
    expect(useCase).toEqual({ latency: "mean", maxDropPp: 0.5 });
  });
});

test("where one profile has no intervals it isn't known which exchanges are sure", async () => {
  const old = designOf({ ...steepTarget, isMeasured: false }, early, [early]);
  const compared = await compareTargets([designOf(evenTarget, early, [early]), old], question, silentJob);
  expect(ranking(compared, "stretches")).not.toHaveProperty("swappedSurely");
  // Nothing changes places there.
  expect(ranking(compared, "prefixes").swappedSurely).toBe(0);
});

/** A target with a front of plans drawn at random, on any way through its networks. */
function randomDesign(inputs: ProjectInputs, seed: number): TargetDesign {
  const random = seededRandom(seed);
  const spaces = evaluationSpaces(inputs);
  const plans = Array.from({ length: 12 }, (): ChartedPlan => {
    const on = spaces[randomInteger(random, spaces.length)];
    const exits = on.space.candidates.flatMap(({ position }, candidate, all) =>
      position !== all[candidate - 1]?.position && random() < 0.4 ? [{ candidate, threshold: random() }] : [],
    );
    const { accuracy, latencyMs } = evaluatePlan(on.space, exits);
    return {
      exits: toPlanExits(on.space, exits),
      accuracy,
      latencyMs: latencyMs.mean,
      ...wayOf(wayOfSpace(on)),
    };
  });
  const [plan] = plans;
  const on = spaces.find(({ chain }) => chain?.join() === plan.chain?.join())!;
  const figures = evaluatePlan(
    on.space,
    plan.exits.map(({ threshold, ...exit }) => ({
      candidate: on.space.candidates.findIndex(
        (own) => own.member === exit.member && own.cutPoint === exit.cutPoint && own.head === exit.head,
      ),
      threshold,
    })),
  );
  const search = { algorithm: "random", options: {}, seed, evaluations: 12, seconds: 1, hypervolume: 0 };
  return {
    profile: inputs.profile,
    spaces,
    front: {
      recommended: { exits: plan.exits, ...wayOf(plan), figures, feasible: true, misses: [] },
      searches: [{ ...search, proven: false, front: plans }],
      backbone: { accuracy: 1, latencyMs: inputs.profile.backbone.meanMs },
    },
  };
}

describe("a profile beside itself: every order is the same, and nothing is lost", () => {
  const shape = { samples: 60, positions: 4, maxExits: 3, levels: 4 };
  const alone = (seed: number) => inputsOf(syntheticSpace(seededRandom(seed), shape));

  test.each([1, 2, 3, 4, 5])("a network, seed %i", async (seed) => {
    const inputs = alone(seed);
    const cutPoints = inputs.exits.map(({ cutPoint }) => ({ tensor: cutPoint }));
    const names = [{ sha256: "backbone", graphSha256: "made-up", cutPoints }];
    const design = randomDesign(inputs, seed);
    const compared = await compareTargets([design, design], { ...question, networks: names }, silentJob);
    expect(compared.rankings.map(({ kind }) => kind)).toEqual(["prefixes", "stretches", "exits", "plans"]);
    for (const { tauB, spearman, swapped, swappedSurely, largestShift } of compared.rankings) {
      expect([tauB, spearman]).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)]);
      expect([swapped, swappedSurely]).toEqual([0, 0]);
      expect(largestShift.one).toBe(largestShift.other);
    }
    for (const { lostPct, exits } of compared.transfers) expect([lostPct, exits]).toEqual([0, "same"]);
  });

  test.each([1, 2, 3])("three networks in any order, seed %i", async (seed) => {
    const inputs = randomNetworks(seededRandom(seed), { ...shape, positions: 2, maxExits: 2 }, 2);
    const design = randomDesign(inputs, seed);
    const { transfers, rankings } = await compareTargets(
      [design, design],
      { ...question, networks: [] },
      silentJob,
    );
    expect(transfers.map(({ lostPct }) => lostPct)).toEqual([0, 0, 0, 0]);
    const plans = rankings.find(({ kind }) => kind === "plans")!;
    expect([plans.tauB, plans.swapped]).toEqual([expect.closeTo(1, 12), 0]);
  });
});
