import { beforeAll, expect, test } from "vitest";
import { withoutNetwork, withTuned } from "./other-networks.ts";
import type { Member, Project } from "./project.ts";
import { makeChain } from "./testing/test-project.ts";
import { withTunedTwin } from "./testing/tuned-networks.ts";

let chain: Project;
/** Of the backbone, of the member, and what was tuned from either. */
let tuned: Project;
beforeAll(async () => {
  chain = await makeChain();
  tuned = withTunedTwin(withTunedTwin(chain), chain.members[0]);
});
const shaOf = (at: number, { members }: Project = tuned) => members[at].backbone.summary.sha256;

test("a network takes what was tuned from it with it, and the plans through either", () => {
  const through = (...own: readonly string[]) => ({ ...chain.plans[2], chain: [...own] });
  const plans = [chain.plans[0], through(shaOf(1)), through(shaOf(2)), through(shaOf(0))];
  const link = { latencyMs: 1, bandwidthMbps: 100 };
  const design = {
    ...chain.design!,
    exits: [],
    chain: [shaOf(2)],
    pinned: [
      { name: "tuned backbone", exits: [], chain: [shaOf(1)] },
      { name: "small", exits: [], chain: [shaOf(0)] },
    ],
    offload: { server: "server", link, cut: "relu2", cutMember: shaOf(2) },
  };
  const left = withoutNetwork({ ...tuned, plans, design }, shaOf(0));
  expect(left.members).toEqual([tuned.members[1]]);
  expect(left.plans).toEqual([chain.plans[0], through(shaOf(1))]);
  expect(left.design).toMatchObject({ exits: [], chain: undefined, pinned: [{ name: "tuned backbone" }] });
  // What is partitioned in a network that is gone, is partitioned nowhere.
  expect(left.design!.offload).toEqual({ server: "server", link });
  expect(left.front).toBe(tuned.front);
});

test("a tuned network leaves alone, with the front of the plans through it", () => {
  const front = { ...tuned.front!, recommended: { ...tuned.front!.recommended, chain: [shaOf(1)] } };
  const left = withoutNetwork({ ...tuned, front }, shaOf(1));
  expect(left.members).toEqual([chain.members[0], tuned.members[2]]);
  expect([left.front, left.plans]).toEqual([undefined, []]);
});

test("what was tried on corrupted images goes with a network that one of its plans goes through", () => {
  const robustness = chain.robustness!;
  const [tried, other] = robustness.front;
  const through = { ...robustness, front: [tried, { ...other, chain: [shaOf(0)] }] };
  expect(withoutNetwork({ ...tuned, robustness: through }, shaOf(0)).robustness).toBeUndefined();
  expect(withoutNetwork({ ...tuned, robustness: through }, shaOf(1)).robustness).toBe(through);
});

test("tuning a network once more replaces what was tuned from it, and nothing else", () => {
  const again = withTunedTwin(chain, undefined, 1 / 512).members[1] as Member & { tunedFrom: string };
  const plans = [{ ...chain.plans[2], chain: [shaOf(1)] }, chain.plans[0]];
  const replaced = withTuned({ ...tuned, plans }, again);
  expect(replaced.members).toEqual([chain.members[0], tuned.members[2], again]);
  expect(replaced.plans).toEqual([chain.plans[0]]);
  expect(shaOf(2, replaced)).not.toBe(shaOf(1));
  expect(withTuned(chain, again).members).toEqual([chain.members[0], again]);
});
