import { beforeEach, expect, test } from "vitest";
import { emptyDesign } from "../../shared/model/design.ts";
import {
  forgetProfile,
  history,
  livePlanOf,
  pin,
  replaceDesign,
  setExits,
  setOffload,
  takePlan,
  useDesign,
} from "./design-store.ts";

const exit = (cutPoint: string) => ({ cutPoint, head: "h", policy: "top1", threshold: 0.5 });
const link = { latencyMs: 5, bandwidthMbps: 100 };
const second = { server: 1, link };
const design = () => useDesign.getState();

beforeEach(() => replaceDesign({ ...emptyDesign, exits: [exit("a")], offload: { ...second, cut: "a" } }));

test("a plan is taken with its cut in one step, and undone in one", () => {
  takePlan({ exits: [exit("b")], cut: "b" });
  expect(livePlanOf(design())).toEqual({ exits: [exit("b")], cut: "b" });
  takePlan({ exits: [] });
  expect(design().offload).toEqual({ ...second, cut: undefined });
  history().undo();
  expect(livePlanOf(design())).toEqual({ exits: [exit("b")], cut: "b" });
  history().undo();
  expect(livePlanOf(design())).toEqual({ exits: [exit("a")], cut: "a" });
});

test("exits are changed where the cut is", () => {
  setExits([]);
  expect(livePlanOf(design())).toEqual({ exits: [], cut: "a" });
});

test("a cut plan brings the second target that it was found for only where none is chosen", () => {
  const other = { server: 2, link: { ...link, latencyMs: 1 } };
  takePlan({ exits: [], cut: "b" }, other);
  expect(design().offload).toEqual({ ...second, cut: "b" });
  replaceDesign(emptyDesign);
  takePlan({ exits: [] });
  expect(design().offload).toBeUndefined();
  takePlan({ exits: [], cut: "b" }, other);
  expect(design().offload).toEqual({ ...other, cut: "b" });
});

test("a pinned plan keeps its cut", () => {
  pin(livePlanOf(design()));
  setOffload(undefined);
  expect(design().pinned).toEqual([{ name: "plan 1", exits: [exit("a")], cut: "a" }]);
});

test("targets are counted on without a profile that is gone, and a server that is gone takes over nothing", () => {
  replaceDesign({ ...emptyDesign, target: 2, offload: second });
  forgetProfile(0);
  expect([design().target, design().offload?.server]).toEqual([1, 0]);
  forgetProfile(1);
  expect([design().target, design().offload?.server]).toEqual([0, 0]);
  forgetProfile(0);
  expect([design().target, design().offload]).toEqual([0, undefined]);
  // A step back would count profiles as they were.
  expect(history().pastStates).toEqual([]);
});

test("a second target that was chosen where there was none is gone when that is undone", () => {
  replaceDesign(emptyDesign);
  setOffload(second);
  history().undo();
  expect(design().offload).toBeUndefined();
});
