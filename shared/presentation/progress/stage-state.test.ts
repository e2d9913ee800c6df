import { expect, test } from "vitest";
import type { ProjectView } from "../../files/project-view.ts";
import type { PlanExit } from "../../model/plan.ts";
import type { Profile } from "../../model/profile.ts";
import { type StageInputs, stageStates } from "./stage-state.ts";

const exit: PlanExit = { cutPoint: "a", head: "mixed", policy: "top1", threshold: 0.9 };
const latency = { medianMs: 1, meanMs: 1.5, p5Ms: 1, p95Ms: 2, count: 10 };

function profile(heads: readonly string[], meanMs = 1.5): Profile {
  return {
    format: "offramp-profile",
    version: 2,
    id: `${meanMs}`,
    graphSha256: "s",
    target: { device: "d", operatingSystem: "o", runtime: "r", provider: "cpu", threads: 1 },
    backbone: { ...latency, meanMs },
    final: latency,
    prefixes: [],
    heads: heads.map((cutPoint) => ({ ...latency, cutPoint, head: "mixed", policy: "top1" })),
    nodes: [],
  };
}

const head = { cutPoint: "a", kind: "mixed", macs: 1, bytes: 1, temperature: 1 };
const data = { path: "/images", format: "folder", classNames: [], splitOptions: {}, available: true };
const front = {
  useCase: { latency: "mean", maxDropPp: 0.5 },
  profile: "1.5",
  recommended: { exits: [exit] },
};

/** Stages read no more of a project than stands here. */
function inputs(project: object, rest: Partial<StageInputs> = {}): StageInputs {
  return {
    project: {
      backbone: { readyExits: [] },
      heads: [],
      members: [],
      samples: 0,
      profiles: [],
      front: null,
      data: null,
      ...project,
    } as unknown as ProjectView,
    design: { exits: [exit], target: null, useCase: { maxDropPp: 0.5, latency: "mean" } },
    running: [],
    draft: { chosen: false, differs: false },
    exported: null,
    ...rest,
  };
}

/** A network that was tuned from the backbone, whose graph it has. */
const tuned = { backbone: { name: "net tuned", graphSha256: "s", sha256: "t" }, tunedFrom: "b" };

const explored = { heads: [head], profiles: [profile(["a"])], front, data };

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
  const backbone = { readyExits: exits };
  expect(stageStates(inputs({ backbone }))).toMatchObject({
    data: { kind: "needs-you" },
    heads: { kind: "done", why: "2 exits came with the network; nothing has to be trained" },
    profile: { kind: "waiting", for: "data" },
    export: { kind: "waiting", for: "data" },
  });
  const chosen = { draft: { chosen: true, differs: false } };
  expect(stageStates(inputs({ backbone }, chosen))).toMatchObject({
    heads: { kind: "needs-you", why: "calibrate the 2 exits that came with the network" },
    profile: { kind: "waiting", for: "heads" },
  });
  expect(stageStates(inputs({ backbone, heads: [head], data }, chosen)).heads).toEqual({ kind: "done" });
});

test("with data chosen the heads need you; with heads the profile, and what follows waits for it", () => {
  const chosen = { draft: { chosen: true, differs: false } };
  expect(kinds(stageStates(inputs({}, chosen))).slice(1, 3)).toEqual(["done", "needs-you"]);
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

test("data that isn't on this machine doesn't need anybody", () => {
  const { data: state } = stageStates(inputs({ ...explored, data: { ...data, available: false } }));
  expect(state.kind).toBe("done");
  expect(state).toHaveProperty("why");
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
