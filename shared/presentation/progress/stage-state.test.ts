import { expect, test } from "vitest";
import type { PlanExit } from "../../model/plan.ts";
import { data, exit, explored, front, head, stageInputs as inputs, profile } from "../testing/test-stages.ts";
import { type StageInputs, stageStates } from "./stage-state.ts";

/** A network that was tuned from the backbone, whose graph it has. */
const tuned = { backbone: { name: "net tuned", graphSha256: "s", sha256: "t" }, tunedFrom: "b" };

const kinds = (states: ReturnType<typeof stageStates>) => Object.values(states).map(({ kind }) => kind);

test("a new model needs data, and the rest waits in order", () => {
  const states = stageStates(inputs({}));
  expect(states).toEqual({
    model: { kind: "done" },
    data: { kind: "needs-you", why: "choose a labelled data set" },
    heads: { kind: "waiting", for: "data" },
    profile: { kind: "waiting", for: "heads" },
    search: { kind: "waiting", for: "heads" },
    export: { kind: "waiting", for: "heads" },
  });
});

test("exits that came with a network need no training: they are done until there is data to calibrate them on", () => {
  const exits = [
    { output: "early", cutPoint: "a" },
    { output: "late", cutPoint: "b" },
  ];
  const backbone = { readyExits: exits, cutPoints: ["a", "b"] };
  expect(stageStates(inputs({ backbone }))).toMatchObject({
    data: { kind: "needs-you" },
    heads: { kind: "done", why: "2 exits came with the network; nothing has to be trained" },
    profile: { kind: "waiting", for: "data" },
    export: { kind: "waiting", for: "data" },
  });
  const chosen = { draft: { chosen: true, differs: false } };
  expect(stageStates(inputs({ backbone }, chosen))).toMatchObject({
    heads: { kind: "ready", why: "Run all calibrates the 2 exits that came with the network" },
    profile: { kind: "needs-you", why: "choose the target and run all" },
  });
  expect(stageStates(inputs({ backbone, heads: [head], data }, chosen)).heads).toEqual({ kind: "done" });
});

test("with data chosen the target is to be chosen, from where all runs; with heads it is to be profiled", () => {
  const chosen = { draft: { chosen: true, differs: false } };
  const states = stageStates(inputs({}, chosen));
  expect(kinds(states).slice(1, 4)).toEqual(["done", "ready", "needs-you"]);
  expect(states.search).toEqual({ kind: "waiting", for: "heads" });
  const training = stageStates(inputs({}, { ...chosen, running: ["train"] }));
  expect(training.profile).toEqual({ kind: "waiting", for: "heads" });
  const trained = stageStates(inputs({ heads: [head], data }, chosen));
  expect(trained.heads.kind).toBe("done");
  expect(trained.profile.kind).toBe("needs-you");
  expect(trained.search).toEqual({ kind: "waiting", for: "profile" });
});

test("an explored project is done, and its export ready", () => {
  expect(kinds(stageStates(inputs(explored)))).toEqual(["done", "done", "done", "done", "done", "ready"]);
});

test("a front is stale for another use case, another target, or with heads that are gone", () => {
  const search = (project: object, rest?: Partial<StageInputs>) => stageStates(inputs(project, rest)).search;
  const { design } = inputs({});
  const other = { design: { ...design, useCase: { latency: "mean" as const, maxDropPp: 1 } } };
  expect(search(explored, other).kind).toBe("stale");
  expect(search({ ...explored, profiles: [profile(["a"], 9)] }).kind).toBe("stale");
  expect(search({ ...explored, heads: [{ ...head, cutPoint: "b" }] }).kind).toBe("stale");
});

test("heads are stale when the data form says something else than they were trained with", () => {
  const states = stageStates(inputs(explored, { draft: { chosen: true, differs: true } }));
  expect(states.heads.kind).toBe("stale");
});

test("a profile without a latency for every head is stale", () => {
  const heads = [head, { ...head, cutPoint: "b" }];
  expect(stageStates(inputs({ ...explored, heads })).profile.kind).toBe("stale");
  expect(stageStates(inputs({ ...explored, heads, profiles: [profile(["a", "b"])] })).profile.kind).toBe(
    "done",
  );
});

test("a running job shows on its stage only, a reference model on the profile's", () => {
  const states = stageStates(inputs(explored, { running: ["train", "reference"] }));
  expect(states.heads).toEqual({ kind: "running", job: "train" });
  expect(states.profile).toEqual({ kind: "running", job: "reference" });
  expect(states.search.kind).toBe("done");
});

test("an export is done for its plan and target, and stale once either changes", () => {
  const { target } = profile(["a"]);
  const state = (exits: readonly PlanExit[], device = target.device) =>
    stageStates(inputs(explored, { exported: { plan: { exits }, target: { ...target, device } } })).export
      .kind;
  expect(state([exit])).toBe("done");
  expect(state([{ ...exit, threshold: 0.8 }])).toBe("stale");
  expect(state([exit], "another machine")).toBe("stale");
});

test("data that isn't there is gone, not done, and needs nobody", () => {
  const { data: state } = stageStates(inputs({ ...explored, data: { ...data, available: false } }));
  expect(state).toEqual({ kind: "gone", why: "/images isn't there; exploring works without it" });
});

test("a data set that goes after it was chosen is no longer done, and without heads it needs the person", () => {
  const gone = { draft: { chosen: false, gone: "/images", differs: false } };
  expect(stageStates(inputs({}, gone))).toMatchObject({
    data: { kind: "needs-you", why: "/images isn't there any more; bring it back or choose another" },
    heads: { kind: "waiting", for: "data" },
    profile: { kind: "waiting", for: "heads" },
  });
  const trained = stageStates(inputs(explored, gone));
  expect(kinds(trained)).toEqual(["done", "gone", "done", "done", "done", "ready"]);
});

test("a model without a place for exits asks for no data", () => {
  const states = stageStates(inputs({ backbone: { readyExits: [], cutPoints: [] } }));
  expect(states.data).toEqual({ kind: "waiting", for: "model" });
});

test("a front that was searched before a network was tuned is stale", () => {
  const search = (project: object) => stageStates(inputs({ ...explored, ...project })).search;
  expect(search({ members: [tuned] })).toEqual({
    kind: "stale",
    why: "the front was searched without net tuned; search again",
  });
  expect(search({ members: [tuned], front: { ...front, frozen: {} } })).toEqual({ kind: "done" });
  const untimed = { ...tuned, backbone: { ...tuned.backbone, graphSha256: "other" } };
  expect(search({ members: [untimed] })).toEqual({ kind: "done" });
  expect(search({ members: [{ ...tuned, tunedFrom: undefined }] })).toEqual({ kind: "done" });
});
