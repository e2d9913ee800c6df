import { beforeEach, expect, test } from "vitest";
import { replaceDesign, setExits, setTarget, takePlan, undo, useDesign } from "../design-store.ts";
import { updateLive, useLive } from "../live-store.ts";
import { bothTimed, showTwoNetworks, twoNetworks, withTunedBig } from "../testing/two-networks.ts";
import {
  liveNetworks,
  moveNetwork,
  networksWithSwitched,
  setChain,
  switchNetwork,
  withoutRelatives,
} from "./chain-editing.ts";
import { obstacleToNetwork } from "./network-obstacle.ts";

const half = { cutPoint: "half", head: "linear", policy: "top1", threshold: 0.5 };
const outputOf = (member?: string) => ({
  ...(member === undefined ? {} : { member }),
  cutPoint: "scores",
  head: "output",
  policy: "top1",
  threshold: expect.any(Number),
});

beforeEach(() => showTwoNetworks());

test("a cheaper network is switched on before the others, with a way out of it that keeps the wish", () => {
  switchNetwork("small");
  updateLive();
  // Of its two surest samples both are right; the third would cost a point of four.
  const fitted = { ...outputOf("small"), threshold: Math.fround(0.9) };
  expect([useDesign.getState().chain, useDesign.getState().exits]).toEqual([["small", "big"], [fitted]]);
  // Two leave after 2.5 ms, two after 10.5 ms; one of four is wrong, as with the backbone.
  expect(useLive.getState().figures).toMatchObject({ accuracy: 0.75, exitRates: [0.5, 0.5], bytes: 10_000 });
  expect(useLive.getState().figures!.latencyMs.mean).toBe(6.5);
  undo();
  updateLive();
  expect(liveNetworks()).toEqual(["big"]);
  expect(useLive.getState().figures!.latencyMs.mean).toBe(8);
});

test("a looser wish lets more leave at the first network", () => {
  replaceDesign({ ...useDesign.getState(), useCase: { latency: "mean", maxDropPp: 25 } });
  switchNetwork("small");
  // All leave there: half of them are right.
  expect(useDesign.getState().exits[0].threshold).toBe(Math.fround(0.3));
});

test("exits of networks that stay are kept; one at an output that has become the end isn't", () => {
  const early = { ...half, member: "small" };
  takePlan({ exits: [early, { ...outputOf("small"), threshold: 0.7 }, half], chain: ["small", "big"] });
  updateLive();
  moveNetwork("small", 1);
  expect(liveNetworks()).toEqual(["big", "small"]);
  expect(useDesign.getState().exits).toEqual([half, outputOf(), early]);
  updateLive();
  expect(useLive.getState().figures).not.toBeNull();
  switchNetwork("big");
  expect([useDesign.getState().chain, useDesign.getState().exits]).toEqual([["small"], [early]]);
  // The only one stays on.
  switchNetwork("small");
  expect(liveNetworks()).toEqual(["small"]);
  setChain(["big"]);
  expect([useDesign.getState().chain, useDesign.getState().exits]).toEqual([undefined, []]);
});

test("an exit that was taken away from an output comes back only where there is no other way out", () => {
  const early = { ...half, member: "small" };
  takePlan({ exits: [early, half], chain: ["small", "big"] });
  updateLive();
  setChain(["small", "big"]);
  expect(useDesign.getState().exits).toEqual([early, half]);
  setExits([half]);
  setChain(["small", "big"]);
  expect(useDesign.getState().exits).toEqual([outputOf("small"), half]);
});

test("on a target that hasn't timed a network no plan goes through it, and the window says why", () => {
  switchNetwork("small");
  setTarget("one");
  updateLive();
  expect(useLive.getState()).toMatchObject({
    space: null,
    figures: null,
    problem: "the profile of this lacks small: profile again to time it.",
  });
  setChain(["big"]);
  updateLive();
  expect(useLive.getState().figures?.accuracy).toBe(0.75);
  expect(networksWithSwitched("small")).toBeUndefined();
  expect(obstacleToNetwork({ ...twoNetworks, samples: 0 }, bothTimed, "small")).toBe(
    "small isn't trained yet: train the heads",
  );
});

test("a network that was tuned takes the place of what it was tuned from, and costs as much", () => {
  showTwoNetworks(withTunedBig);
  takePlan({ exits: [{ ...outputOf("small"), threshold: 0.7 }, half], chain: ["small", "big"] });
  expect(networksWithSwitched("big-tuned")).toEqual(["small", "big-tuned"]);
  switchNetwork("big-tuned");
  updateLive();
  // The exit in the backbone goes with it; the way from one network to the other stays.
  expect(useDesign.getState().exits).toEqual([{ ...outputOf("small"), threshold: 0.7 }]);
  expect(useLive.getState().figures!.latencyMs.worst).toBe(10.5);
  moveNetwork("big-tuned", -1);
  expect(liveNetworks()).toEqual(["big-tuned", "small"]);
  switchNetwork("big");
  expect(liveNetworks()).toEqual(["big", "small"]);
  // Dragged in between, it takes the other's place as well; where it stays out, nothing changes.
  expect(withoutRelatives(["big", "big-tuned", "small"], "big-tuned")).toEqual(["big-tuned", "small"]);
  expect(withoutRelatives(["big", "small"], "big-tuned")).toEqual(["big", "small"]);
  // Whether a profile has timed networks beside the backbone is nothing to one of its graph.
  setTarget("one");
  expect(obstacleToNetwork(withTunedBig, withTunedBig.profiles[1], "big-tuned")).toBeUndefined();
});
