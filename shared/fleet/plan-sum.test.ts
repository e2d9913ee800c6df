import { expect, test } from "vitest";
import { randomInteger, seededRandom } from "../base/random.ts";
import type { MemberLatencies } from "../chains/chain-network.ts";
import { randomNetworks } from "../chains/testing/made-up-networks.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import type { Profile } from "../model/profile.ts";
import { evaluationSpaces } from "../offload/partition-space.ts";
import { offloadOf } from "../offload/testing/test-offload.ts";
import { designOf } from "../space/design-space.ts";
import { toPlanExits } from "../space/plan-exits.ts";
import { differenceOf, totalMs } from "./latency-sum.ts";
import { planSum } from "./plan-sum.ts";

test.each([1, 2, 3])("partitioned anywhere, a plan's sum is what it is evaluated to, seed %i", (seed) => {
  const random = seededRandom(seed);
  const shape = { samples: 40, positions: 3, maxExits: 3, levels: 4 };
  const { inputs, offload } = offloadOf(random, randomNetworks(random, shape, 2));
  const { members = [], backboneSha256, profile } = inputs;
  const networks = [
    { sha256: backboneSha256, graphSha256: profile.graphSha256, cutPoints: [] },
    ...members.map(({ sha256 }) => ({ sha256, graphSha256: `graph of ${sha256}`, cutPoints: [] })),
  ];
  const withMembers = (own: Profile, timed: readonly (MemberLatencies | undefined)[]): Profile => ({
    ...own,
    members: members.map(({ sha256, name }, index) => ({
      ...timed[index]!,
      backbone: own.backbone,
      graphSha256: `graph of ${sha256}`,
      name,
    })),
  });
  const target = {
    profile: withMembers(
      profile,
      members.map((member) => member.profile),
    ),
    offload: {
      ...offload,
      server: withMembers(
        offload.server,
        offload.members.map(({ latencies }) => latencies),
      ),
    },
  };
  const spaces = evaluationSpaces({ ...inputs, profile: target.profile }, target.offload);
  let partitioned = 0;
  for (const on of spaces) {
    const exits = on.space.candidates.flatMap(({ position }, candidate, all) =>
      position !== all[candidate - 1]?.position && random() < 0.5
        ? [{ candidate, threshold: randomInteger(random, 3) / 3 }]
        : [],
    );
    const plan = { exits: toPlanExits(on.space, exits), ...designOf(on) };
    const figures = evaluatePlan(on.space, exits);
    if (on.partition) partitioned++;
    for (const latency of ["mean", "p50", "p95"] as const) {
      const sum = planSum(plan, on, figures, latency, target, networks)!;
      expect(totalMs(sum), JSON.stringify(plan)).toBeCloseTo(figures.latencyMs[latency], 9);
      // Of equal plans all cancels.
      expect(differenceOf(sum, sum).intervalMs).toEqual([0, 0]);
    }
    const alone = { profile: target.profile };
    if (on.partition) expect(planSum(plan, on, figures, "mean", alone, networks)).toBeUndefined();
  }
  expect(partitioned).toBeGreaterThan(10);
});
