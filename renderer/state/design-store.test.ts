import { beforeEach, expect, test } from "vitest";
import { type Design, emptyDesign } from "../../shared/model/design.ts";
import {
  history,
  livePlanOf,
  nameTarget,
  notePinned,
  noteRun,
  pin,
  replaceDesign,
  replaceProfile,
  setExits,
  setOffload,
  setSearch,
  setTarget,
  takePlan,
  useDesign,
} from "./design-store.ts";

const exit = (cutPoint: string) => ({ cutPoint, head: "h", policy: "top1", threshold: 0.5 });
const link = { latencyMs: 5, bandwidthMbps: 100 };
const second = { server: "server", link };
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

test("exits are changed where the partition is", () => {
  setExits([]);
  expect(livePlanOf(design())).toEqual({ exits: [], cut: "a" });
});

test("a partitioned plan brings the second target that it was found for only where none is chosen", () => {
  const other = { server: "other", link: { ...link, latencyMs: 1 } };
  takePlan({ exits: [], cut: "b" }, other);
  expect(design().offload).toEqual({ ...second, cut: "b" });
  replaceDesign(emptyDesign);
  takePlan({ exits: [] });
  expect(design().offload).toBeUndefined();
  takePlan({ exits: [], cut: "b" }, other);
  expect(design().offload).toEqual({ ...other, cut: "b" });
});

test("a pinned plan keeps its partition", () => {
  pin(livePlanOf(design()));
  setOffload(undefined);
  expect(design().pinned).toEqual([{ name: "plan 1", exits: [exit("a")], cut: "a" }]);
});

test("notes on runs and pinned plans are steps like others, and an empty one is none", () => {
  pin({ exits: [exit("a")] });
  notePinned(0, "for the board");
  noteRun(1, "wide", [1, 2]);
  noteRun(2, "narrow", [1, 2]);
  expect(design().pinned[0].note).toBe("for the board");
  expect(design().runNotes).toEqual({ 1: "wide", 2: "narrow" });
  history().undo();
  expect(design().runNotes).toEqual({ 1: "wide" });
  history().undo();
  expect(design().runNotes).toBeUndefined();
  history().redo();
  // Run 1 has been forgotten meanwhile.
  noteRun(3, "new", [2, 3]);
  expect(design().runNotes).toEqual({ 3: "new" });
  noteRun(3, "", [2, 3]);
  notePinned(0, "");
  expect([design().runNotes, design().pinned[0].note]).toEqual([{}, undefined]);
});

test("the backbone is pinned by its name, further ones of it by numbers", () => {
  replaceDesign(emptyDesign);
  pin({ exits: [] });
  pin({ exits: [] });
  pin({ exits: [], chain: ["small"] });
  expect(design().pinned.map(({ name }) => name)).toEqual(["backbone", "plan 1", "plan 2"]);
});

test("a target keeps its name when it is measured again, in every step, and loses it with its profile", () => {
  replaceDesign({ ...emptyDesign, target: "device" });
  nameTarget("device", "board in the lab");
  setTarget("server");
  replaceProfile("device", "again");
  expect(design().targetNames).toEqual({ again: "board in the lab" });
  history().undo();
  expect(design().targetNames).toEqual({ again: "board in the lab" });
  replaceProfile("again", null);
  expect(design().targetNames).toEqual({});
  nameTarget("server", "rack");
  nameTarget("server", "");
  expect(design().targetNames).toEqual({});
});

test("how plans are searched for is undone step by step, back to what nobody has chosen", () => {
  replaceDesign(emptyDesign);
  setSearch({ maxExits: 2 });
  setSearch({ levels: 8 });
  expect(design().search).toEqual({ maxExits: 2, levels: 8 });
  history().undo();
  expect(design().search).toEqual({ maxExits: 2 });
  history().undo();
  expect(design().search).toBeUndefined();
});

const targets = ({ target, offload }: Design) => [target, offload?.server];

test("a profile that was measured again takes its place in the design and in every step to it", () => {
  replaceDesign({ ...emptyDesign, target: "device", offload: second });
  setTarget("server");
  setTarget("third");
  history().undo();
  replaceProfile("server", "again");
  expect(targets(design())).toEqual(["again", "again"]);
  history().undo();
  expect(targets(design())).toEqual(["device", "again"]);
  history().redo();
  history().redo();
  expect(targets(design())).toEqual(["third", "again"]);
  expect(design().offload?.link).toEqual(link);
});

test("without its profile a target gives way to the first one, and a server takes over nothing", () => {
  replaceDesign({ ...emptyDesign, target: "device", offload: second });
  replaceProfile("another", null);
  expect(targets(design())).toEqual(["device", "server"]);
  replaceProfile("device", null);
  expect(targets(design())).toEqual([null, "server"]);
  replaceProfile("server", null);
  expect(targets(design())).toEqual([null, undefined]);
});

test("a second target that was chosen where there was none is gone when that is undone", () => {
  replaceDesign(emptyDesign);
  setOffload(second);
  history().undo();
  expect(design().offload).toBeUndefined();
});
