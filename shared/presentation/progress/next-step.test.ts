import { expect, test } from "vitest";
import { explored, head, stageInputs as inputs, profile } from "../testing/test-stages.ts";
import { nextStep } from "./next-step.ts";
import { type JobKind, type StageInputs, stageNames, stageStates } from "./stage-state.ts";

const chosen = { draft: { chosen: true, differs: false } };
const { data, front } = explored;

/** A project on its way from a model to an export, step by step. */
const way: readonly (readonly [project: object, rest: Partial<StageInputs>, action: string])[] = [
  [{}, {}, "Choose a data set…"],
  [{}, { running: ["data"] }, "Looking at the images…"],
  [{}, chosen, "Choose the target and run all…"],
  [{}, { ...chosen, running: ["train"] }, "Training the heads…"],
  [{ heads: [head], data }, chosen, "Profile a target…"],
  [{ heads: [head], data }, { ...chosen, running: ["profile"] }, "Profiling the target…"],
  [{ ...explored, front: null }, chosen, "Search for plans…"],
  [{ ...explored, front: null }, { ...chosen, running: ["search"] }, "Searching for plans…"],
  [explored, chosen, "Export the live plan…"],
  [explored, { draft: { chosen: true, differs: true } }, "Train the heads again…"],
  [{ ...explored, profiles: [profile(["a"], 9)] }, chosen, "Search again…"],
];

test.each(way)("%#: one step is next", (project, rest, action) => {
  expect(nextStep(inputs(project, rest))?.action).toBe(action);
});

test.each(way)("%#: nothing else needs the person", (project, rest) => {
  const given = inputs(project, rest);
  const states = stageStates(given);
  const needing = stageNames.filter((name) => states[name].kind === "needs-you");
  const next = nextStep(given);
  expect(needing.length).toBeLessThanOrEqual(1);
  if (!next?.isRunning) expect([[], [next?.stage]]).toContainEqual(needing);
});

test("says what is lacking for figures, of exits that came with the network in their own words", () => {
  expect(nextStep(inputs({}))?.lacks).toBe("It needs exit heads, which a labelled data set trains.");
  expect(nextStep(inputs({}, chosen))?.lacks).toBe(
    "It needs exit heads, which the chosen data set trains, and the latencies of a target.",
  );
  const backbone = { cutPoints: ["a"], readyExits: [{ output: "early", cutPoint: "a" }] };
  expect(nextStep(inputs({ backbone }))?.lacks).toBe(
    "1 exit came with the network, to be calibrated on a labelled data set.",
  );
  const other = { ...explored, profiles: [profile(["a"], 9)] };
  expect(nextStep(inputs(other, chosen))?.lacks).toBe(
    "The front was searched with an older measurement of the target.",
  );
  expect(nextStep(inputs({ ...explored, front }, chosen))?.lacks).toBe("");
});

test("every job has its words, and its stage", () => {
  const jobs: readonly JobKind[] = [
    "open",
    "member",
    "data",
    "train",
    "tune",
    "profile",
    "reference",
    "search",
  ];
  expect(jobs.map((job) => nextStep(inputs(explored, { running: [job] }))?.stage)).toEqual([
    "model",
    "model",
    "data",
    "heads",
    "heads",
    "profile",
    "profile",
    "search",
  ]);
});

test("nothing is next once the plan is exported, and for a model without a place for exits", () => {
  const { target } = profile(["a"]);
  const { exits } = inputs(explored).design;
  expect(nextStep(inputs(explored, { exported: { plan: { exits }, target } }))).toBeNull();
  expect(nextStep(inputs({ backbone: { readyExits: [], cutPoints: [] } }))).toBeNull();
});
