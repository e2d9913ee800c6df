import { describe, expect, it } from "vitest";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import { createLiveEvaluator } from "../evaluate/live/live-evaluator.ts";
import type { Latency } from "../model/profile.ts";
import type { NetworkInputs, SpaceInputs } from "../space/build-space.ts";
import { spaceOfPlan } from "../space/design-space.ts";
import { fromPlanExits } from "../space/plan-exits.ts";
import { buildChains } from "./build-chains.ts";
import type { MemberInputs, Members } from "./chain-network.ts";

const latency = (meanMs: number): Latency => ({ medianMs: 0, meanMs, p5Ms: 0, p95Ms: 0, count: 1 });

/** One exit halfway, whose head and output are sure of and right about these samples. */
function network(wholeMs: number, sure: readonly number[], right: readonly number[]): NetworkInputs {
  return {
    exits: [
      {
        position: 3,
        cutPoint: "half",
        head: "linear",
        prefixMacs: 50 * wholeMs,
        headMacs: 1,
        headBytes: 8,
      },
    ],
    tables: new Map([
      [
        "top1",
        { exits: 1, samples: 4, confidence: Float32Array.from(sure), correct: Uint8Array.from(right) },
      ],
    ]),
    profile: {
      final: latency(wholeMs),
      prefixes: [{ cutPoint: "half", ...latency(wholeMs / 2) }],
      heads: [{ cutPoint: "half", head: "linear", policy: "top1", ...latency(0.25) }],
    },
    output: "scores",
    backboneMacs: 100 * wholeMs,
    backboneBytes: 1000 * wholeMs,
    peakActivationBytes: 10 * wholeMs,
  };
}

const big = network(8, [0.9, 0.1, 0.1, 0.1, 1, 1, 1, 1], [1, 1, 0, 0, 1, 1, 1, 0]);
const small: MemberInputs = {
  ...network(2, [0.2, 0.2, 0.9, 0.2, 0.9, 0.4, 1, 0.3], [0, 0, 1, 0, 1, 0, 1, 1]),
  sha256: "small",
  name: "small.onnx",
  output: "scores",
};
const inputs: SpaceInputs & Members = {
  ...big,
  backboneSha256: "big",
  members: [{ ...small, profile: { ...small.profile, entry: latency(0.5) } }],
  maxExits: 3,
  levels: 4,
};

describe("chains of a backbone and a cheaper network", () => {
  const spaces = buildChains(inputs, "cheaper-first");

  it("are each of them alone, and both with the cheaper one first", () => {
    expect(spaces.map(({ chain }) => chain)).toEqual([undefined, ["small"], ["small", "big"]]);
    const orders = buildChains(inputs, "any").map(({ chain }) => chain);
    expect(orders).toEqual([undefined, ["small"], ["big", "small"], ["small", "big"]]);
  });

  it("add up the networks' energies, their own images' among them", () => {
    const counted = <Own extends NetworkInputs>(own: Own, scale: number): Own => {
      const { final, prefixes, heads } = own.profile;
      const energy = <Timed extends Latency>(timed: Timed) => ({
        ...timed,
        energyMillijoules: scale * timed.meanMs,
      });
      const profile = { ...own.profile, final: energy(final), prefixes: prefixes.map(energy) };
      return { ...own, profile: { ...profile, heads: heads.map(energy) } };
    };
    const entry = { ...latency(0.5), energyMillijoules: 1 };
    const energiesOf = (member: MemberInputs) =>
      buildChains({ ...inputs, ...counted(big, 10), members: [member] }, "cheaper-first").map(({ space }) => [
        ...space.candidates.map(({ energy }) => energy && Object.values(energy)),
        space.backboneMillijoules,
        space.referenceMillijoules,
      ]);
    const known = counted(small, 4);
    expect(energiesOf({ ...known, profile: { ...known.profile, entry } })).toEqual([
      [[40, 2.5], 80, 80],
      [[1 + 4, 1], 1 + 8, 80],
      // Nobody leaves at the small one's output before the 9 mJ of the whole; no branch was timed.
      [[5, 1], [9, 0], [9 + 40, 2.5], 9 + 80, 80],
    ]);
    const unknownEntry = energiesOf({ ...known, profile: { ...known.profile, entry: latency(0.5) } });
    expect(unknownEntry.map((own) => own.at(-2))).toEqual([80, undefined, undefined]);
  });

  it("have the first network's exits, its output, and the second one's exits behind the whole of it", () => {
    const { candidates, ...space } = spaces[2].space;
    const facts = candidates.map((own) => [
      own.position,
      own.member,
      own.cutPoint,
      own.head,
      own.prefixMs,
      own.headMs,
      own.prefixMacs,
      own.headBytes,
    ]);
    expect(facts).toEqual([
      [3, "small", "half", "linear", 1.5, 0.25, 100, 8],
      [4, "small", "scores", "output", 2.5, 0, 200, 0],
      [8, undefined, "half", "linear", 6.5, 0.25, 600, 8],
    ]);
    expect(space).toMatchObject({
      backboneMs: 10.5,
      backboneMacs: 1000,
      backboneBytes: 10_000,
      peakActivationBytes: 80,
    });
  });

  it("charge a sample for every network and head on its way", () => {
    // Sample 2 leaves at the small network's head, 0 at its output, 3 and 1 go through to the end: 8.5 ms more.
    const plan = {
      chain: ["small", "big"],
      exits: [
        { member: "small", cutPoint: "half", head: "linear", policy: "top1", threshold: 0.5 },
        { member: "small", cutPoint: "scores", head: "output", policy: "top1", threshold: 0.5 },
      ],
    };
    const { space } = spaceOfPlan(spaces, plan);
    const figures = evaluatePlan(space, fromPlanExits(space, plan.exits));
    expect(figures).toMatchObject({
      accuracy: 0.75,
      exitRates: [0.25, 0.25, 0.5],
      bytes: 10_008,
      peakActivationBytes: 80,
    });
    expect(figures.latencyMs.mean).toBe((1.75 + 2.75 + 2 * 10.75) / 4);

    // The branch behind the output costs whoever gets there, as the network's own profile says it, or else the backbone's.
    const branch = latency(0.125);
    const [timed] = inputs.members!;
    for (const branched of [
      { ...inputs, members: [{ ...timed, profile: { ...timed.profile, branch } }] },
      { ...inputs, profile: { ...inputs.profile, branch } },
    ]) {
      const { space: own } = spaceOfPlan(buildChains(branched, "cheaper-first"), plan);
      expect(evaluatePlan(own, fromPlanExits(own, plan.exits)).latencyMs.mean).toBe(
        (1.75 + 2.875 + 2 * 10.875) / 4,
      );
    }
    expect(figures.latencyMs.worst).toBe(10.75);
    expect(figures.macs).toBe((101 + 201 + 2 * 1001) / 4);
  });

  it("refer to the backbone wherever they end", () => {
    const [backbone, alone] = spaces;
    expect(alone.space.backboneMs).toBe(2.5);
    expect([...alone.space.backboneCorrect]).toEqual([1, 0, 1, 1]);
    expect([...alone.space.referenceCorrect!]).toEqual([...backbone.space.backboneCorrect]);
    expect(alone.space.referenceMs).toBe(8);
    // Sample 1 is lost, and 3 gained.
    expect(evaluatePlan(alone.space, [])).toMatchObject({ accuracy: 0.75, lostRate: 0.25 });
    expect(createLiveEvaluator(alone.space).evaluate([])).toEqual(evaluatePlan(alone.space, []));
    expect(evaluatePlan(backbone.space, []).lostRate).toBe(0);
    const weighted = { ...inputs, sampleWeights: [1, 3, 1, 1] };
    const [, { space: counted }] = buildChains(weighted, "cheaper-first");
    expect(evaluatePlan(counted, []).lostRate).toBe(0.5);
    expect(createLiveEvaluator(counted).evaluate([]).lostRate).toBe(0.5);
    // The small network's head is right once.
    expect([...alone.space.leastCorrect!]).toEqual([0, 0, 1, 0]);
  });

  it("go by latency, entry included, not by the order in which networks were added", () => {
    const slow = { ...inputs, members: [{ ...small, profile: { ...small.profile, entry: latency(7) } }] };
    expect(buildChains(slow, "cheaper-first").at(-1)!.chain).toEqual(["big", "small"]);
  });
});

describe("tables that don't belong together", () => {
  const withTable = (table: object) => ({
    ...inputs,
    members: [{ ...small, tables: new Map([["top1", { ...small.tables.get("top1")!, ...table }]]) }],
  });

  it("are refused by the number of samples, and by classes where these are known", () => {
    const shorter = { samples: 3, confidence: new Float32Array(6), correct: new Uint8Array(6) };
    expect(() => buildChains(withTable(shorter), "any")).toThrow(
      "the confidence tables of small.onnx are of 3 samples, the backbone's of 4; calibrate all networks on the same data",
    );
    const labelled = withTable({ labels: Int32Array.of(0, 1, 2, 3) });
    const own = new Map([["top1", { ...big.tables.get("top1")!, labels: Int32Array.of(0, 1, 1, 3) }]]);
    expect(() => buildChains({ ...labelled, tables: own }, "any")).toThrow(
      "sample 2 is of class 2 in the confidence tables of small.onnx, of class 1 in the backbone's; calibrate all networks on the same data",
    );
    expect(() => buildChains({ ...inputs, members: [{ ...small, tables: new Map() }] }, "any")).toThrow(
      "small.onnx has no confidence table by any of the policies; calibrate the project's networks with the same policies",
    );
  });
});
