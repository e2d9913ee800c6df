import { describe, expect, test } from "vitest";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import { type NetworkTables, projectSpaces } from "../files/project-spaces.ts";
import type { ProjectView } from "../files/project-view.ts";
import type { ConfidenceTable } from "../model/confidence-table.ts";
import { outputHead, type PartitionedPlan } from "../model/plan.ts";
import type { MemberProfile, Profile } from "../model/profile.ts";
import { spaceOfPlan } from "../space/design-space.ts";
import { fromPlanExits } from "../space/plan-exits.ts";
import { pacedProfile } from "../space/testing/test-profile.ts";
import { type Lack, type PlanOnTarget, planOnTargets, projectTargets } from "./project-targets.ts";
import { early, evenTarget, profileOf, steepTarget } from "./testing/made-up-targets.ts";

const graphOf = (sha256: string, cutPoints: readonly { tensor: string; activationBytes: number }[]) => ({
  name: sha256,
  sha256,
  graphSha256: sha256 === "net" ? "graph" : `graph of ${sha256}`,
  // 125 bytes as floats would be no whole number of values.
  input: { name: `image of ${sha256}`, type: "uint8", layout: "NCHW", channels: 1, height: 5, width: 25 },
  output: { name: `scores of ${sha256}`, classes: 5, kind: "logits", type: "float32" },
  cutPoints: cutPoints.map((own, index) => ({ ...own, index, macs: 10 * (index + 1) })),
  macs: 40,
  parameterBytes: 100,
  peakActivationBytes: 1000,
});
const network = graphOf("net", [
  { tensor: "a", activationBytes: 250 },
  { tensor: "b", activationBytes: 125 },
]);
const small = graphOf("small", []);

const even = profileOf(evenTarget);
const steep = profileOf(steepTarget);
const rack = { ...pacedProfile(even, 0.1, "rack"), id: "rack" };

/** A head at the first of two cut points, and a further network that a plan may begin with. */
function projectOf(...profiles: readonly Profile[]): ProjectView {
  const heads = [{ cutPoint: "a", kind: "linear", macs: 1, bytes: 4, temperature: 1 }];
  const members = [{ backbone: small, heads: [], preprocess: null, outputs: [] }];
  return { backbone: network, preprocess: null, heads, members, profiles } as unknown as ProjectView;
}

const table = (rows: readonly { confidence: number[]; correct: number[] }[]): ConfidenceTable => ({
  exits: rows.length - 1,
  samples: 4,
  confidence: Float32Array.from(rows.flatMap(({ confidence }) => confidence)),
  correct: Uint8Array.from(rows.flatMap(({ correct }) => correct)),
});
const atA = { confidence: [0.9, 0.8, 0.3, 0.2], correct: [1, 1, 0, 1] };
const atEnd = { confidence: [1, 1, 1, 1], correct: [1, 1, 1, 1] };
const top1 = new Map([["top1", table([atA, atEnd])]]);
const tables: NetworkTables = {
  tables: top1,
  memberTables: new Map([["small", new Map([["top1", table([atA])]])]]),
};

/** 8 bits take 8 microseconds: 2 ms for what leaves `a`, 0.16 ms for five scores. */
const link = { latencyMs: 1, bandwidthMbps: 1 };
const offload = { server: "rack", link };
/** Half of the samples leave at `a`, the others go to the server. */
const parted: PartitionedPlan = { exits: early, cut: "a" };

function on(plan: PartitionedPlan, profiles: readonly Profile[], behind?: typeof offload): PlanOnTarget[] {
  const project = projectOf(...profiles);
  const targets = projectTargets(project, tables, { offload: behind });
  return planOnTargets(plan, targets, "mean", [
    project.backbone,
    ...project.members.map((own) => own.backbone),
  ]);
}

function known(there: PlanOnTarget) {
  if ("lack" in there) throw new Error(JSON.stringify(there.lack));
  return there;
}

function lackOn(
  plan: PartitionedPlan,
  profiles: readonly Profile[],
  behind?: typeof offload,
): (Lack | undefined)[] {
  return on(plan, profiles, behind).map((there) => ("lack" in there ? there.lack : undefined));
}

describe("a plan on all targets of a project", () => {
  test("continues on the same server everywhere, behind the link as it is stated", () => {
    const [onEven, onSteep] = on(parted, [even, steep, rack], offload).map(known);
    // Up to a with its head 1.5 and 3.5 ms; half of the samples 2 + 0.16 ms on the link, 2 ms there and back, 0.3 ms on the server.
    const mean = 1.5 + 4.46 / 2;
    expect(onEven.figures.latencyMs.mean).toBeCloseTo(mean, 9);
    expect(onEven.figures.latencyMs.worst).toBeCloseTo(1.5 + 4.46, 9);
    expect(onSteep.figures.latencyMs.mean).toBeCloseTo(3.5 + 4.46 / 2, 9);
    expect([onEven, onSteep].map(({ figures }) => figures.accuracy)).toEqual([1, 1]);
    // The prefix is known to 0.1 ms, the head to 0.02, and of the server the end to 0.005, what it is spared to 0.01; the link is exact.
    const [low, high] = onEven.intervalMs!;
    expect(low).toBeCloseTo(mean - 0.12 - 0.015 / 2, 9);
    expect(high).toBeCloseTo(mean + 0.12 + 0.015 / 2, 9);
  });

  test("is what it is evaluated to on each of them, with a server or without", () => {
    const profiles = [even, steep, rack];
    const project = projectOf(...profiles);
    for (const behind of [undefined, offload])
      for (const plan of [
        { exits: early },
        { exits: [] },
        ...(behind ? [parted, { ...parted, cut: "image of net" }] : []),
      ])
        for (const [index, there] of on(plan, profiles, behind).entries()) {
          const spaces = projectSpaces(project, tables, { device: profiles[index], offload: behind });
          const { space } = spaceOfPlan(spaces, plan);
          expect(there).toMatchObject({ figures: evaluatePlan(space, fromPlanExits(space, plan.exits)) });
        }
  });

  test("that isn't partitioned is the same without a server", () => {
    const plan = { exits: early };
    expect(on(plan, [even, steep, rack], offload)).toEqual(on(plan, [even, steep, rack]));
  });

  test("without intervals has none", () => {
    const [there] = on(parted, [profileOf({ ...evenTarget, isMeasured: false }), rack], offload);
    expect(there).not.toHaveProperty("intervalMs");
    expect(there).toHaveProperty("figures");
  });
});

describe("what a profile lacks for a plan", () => {
  const without = (profile: Profile, cutPoint: string): Profile => ({
    ...profile,
    prefixes: profile.prefixes.filter((prefix) => prefix.cutPoint !== cutPoint),
  });
  const headless = (profile: Profile): Profile => ({ ...profile, heads: [] });
  const withSmall = (profile: Profile): Profile => {
    const { backbone, final } = profile;
    const member: MemberProfile = {
      graphSha256: "graph of small",
      name: "small",
      backbone,
      final,
      prefixes: [],
      heads: even.heads,
    };
    return { ...profile, members: [member] };
  };

  test("heads, of the target's own profile or of the server's", () => {
    const what = { kind: "heads" } as const;
    const old = { ...headless(steep), heads: steep.heads.filter(({ cutPoint }) => cutPoint === "b") };
    expect(lackOn(parted, [even, old, rack], offload)).toEqual([
      undefined,
      { of: "target", what },
      undefined,
    ]);
    const oldRack = { ...rack, heads: old.heads };
    expect(lackOn(parted, [even, steep, oldRack], offload)).toEqual([
      { of: "server", what },
      { of: "server", what },
      { of: "target", what },
    ]);
  });

  test("the cut point where the server takes over", () => {
    const what = { kind: "partition" } as const;
    const atB = { ...parted, cut: "b" };
    expect(lackOn(atB, [even, without(steep, "b"), rack], offload)).toEqual([
      undefined,
      { of: "target", what },
      undefined,
    ]);
    expect(lackOn(atB, [even, without(rack, "b")], offload)).toEqual([
      { of: "server", what },
      { of: "target", what },
    ]);
  });

  test("a network, on the device wherever it is partitioned, on the server what is behind", () => {
    const what = { kind: "network", sha256: "small" } as const;
    const exits = [
      { member: "small", cutPoint: "scores of small", head: outputHead, policy: "top1", threshold: 0.8 },
    ];
    const between = { exits, chain: ["small", "net"], cut: "image of net" };
    const before = { ...between, cut: "image of small", cutMember: "small" };
    const profiles = [withSmall(even), steep, rack];
    expect(lackOn(between, profiles, offload)).toEqual([
      undefined,
      { of: "target", what },
      { of: "target", what },
    ]);
    expect(lackOn(before, profiles, offload)).toEqual([
      { of: "server", what },
      { of: "target", what },
      { of: "target", what },
    ]);
  });

  test("a policy", () => {
    const [exit] = early;
    const plan = { exits: [{ ...exit, policy: "entropy" }], cut: "a" };
    const what = { kind: "policy", policy: "entropy" } as const;
    const timed = (profile: Profile): Profile => ({
      ...profile,
      heads: [...profile.heads, ...profile.heads.map((head) => ({ ...head, policy: "entropy" }))],
    });
    const both = new Map([...top1, ["entropy", table([atA, atEnd])]] as const);
    const lacks = (...profiles: Profile[]) => {
      const project = projectOf(...profiles);
      const targets = projectTargets(project, { ...tables, tables: both }, { offload });
      return planOnTargets(plan, targets, "mean", [project.backbone]).map(
        (there) => "lack" in there && there.lack,
      );
    };
    expect(lacks(timed(even), steep, timed(rack))).toEqual([false, { of: "target", what }, false]);
    expect(lacks(timed(even), rack)).toEqual([
      { of: "server", what },
      { of: "target", what },
    ]);
  });
});
