import { beforeEach, expect, test } from "vitest";
import { takePlan, useDesign } from "../design-store.ts";
import { updateLive } from "../live-store.ts";
import { showTwoNetworks, twoNetworks } from "../testing/two-networks.ts";
import { useView } from "../view-store.ts";
import { addExit, canPlaceExit, moveExit, removeExitAt } from "./plan-editing.ts";

const early = { member: "small", cutPoint: "half" };
const output = { member: "small", cutPoint: "scores" };
const late = { cutPoint: "half" };
const places = () => useDesign.getState().exits.map(({ member, cutPoint }) => ({ member, cutPoint }));

beforeEach(() => {
  showTwoNetworks();
  takePlan({ exits: [], chain: ["small", "big"] });
  updateLive();
});

test("exits are placed in every network of the plan, in the order in which a sample meets them", () => {
  for (const place of [late, output, early]) {
    addExit(place);
    updateLive();
  }
  expect(places()).toEqual([early, output, { member: undefined, ...late }]);
  expect(useDesign.getState().exits.map(({ head }) => head)).toEqual(["linear", "output", "linear"]);
  expect(useView.getState().selection).toEqual({ kind: "exit", ...early });
  // Half of the four samples leave at the first output that was placed.
  expect(useDesign.getState().exits[1].threshold).toBe(Math.fround(0.9));
});

test("no exit stands at the end of the plan, where one is, or in a network that the plan doesn't go through", () => {
  const design = useDesign.getState();
  expect(canPlaceExit(twoNetworks, design, output)).toBe(true);
  expect(canPlaceExit(twoNetworks, design, { cutPoint: "scores" })).toBe(false);
  expect(canPlaceExit(twoNetworks, { exits: [] }, early)).toBe(false);
  expect(canPlaceExit(twoNetworks, { exits: [] }, late)).toBe(true);
  addExit(early);
  expect(canPlaceExit(twoNetworks, useDesign.getState(), early)).toBe(false);
});

test("an exit is moved from a head to its network's output and into another network, and taken away", () => {
  addExit(early);
  updateLive();
  moveExit(early, output);
  updateLive();
  expect(useDesign.getState().exits).toMatchObject([{ ...output, head: "output" }]);
  moveExit(output, late);
  expect(useDesign.getState().exits).toMatchObject([{ ...late, head: "linear" }]);
  // The other network's cut point goes by the same name.
  removeExitAt(early);
  expect(places()).toHaveLength(1);
  removeExitAt(late);
  expect(places()).toEqual([]);
  expect(useView.getState().selection).toBeNull();
});
