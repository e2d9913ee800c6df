import { beforeEach, expect, test } from "vitest";
import type { ProjectView } from "../../../shared/files/project-view.ts";
import type { TrainingRun } from "../../../shared/files/training-run.ts";
import type { EngineView } from "../../../shared/ipc/variants.ts";
import { trainOptionsSchema } from "../../../shared/model/stage-options.ts";
import { useEngine } from "../engine-store.ts";
import { useNotices } from "../notice-store.ts";
import { useProject } from "../project-store.ts";
import { useView } from "../view-store.ts";
import { headWish, resetHeadsForm, useHeadsForm } from "./heads-form.ts";
import { resetRuns, shownRuns, takeRunOptions, toggleRun, useRuns } from "./training-runs.ts";

const run = (number: number, heads: TrainingRun["options"]["heads"]): TrainingRun => ({
  number,
  startedAt: "2025-01-01T00:00:00.000Z",
  seconds: 1,
  options: { heads, training: trainOptionsSchema.parse({ seed: 7, epochs: 33 }), splits: {} },
  heads: [{ cutPoint: "a", kind: "wide", epochs: [], accuracy: 0.5 }],
});
const width = { type: "integer", default: 8 };
const offers = {
  headKinds: ["plain", "wide"].map((id) => ({ id, title: id, options: { properties: { width } } })),
} as unknown as EngineView;
const runs = [run(1, []), run(2, []), run(3, [])];

beforeEach(() => {
  useEngine.setState({ offers });
  useProject.setState({ project: { runs } as unknown as ProjectView });
  useNotices.setState({ notices: [] });
  resetHeadsForm();
  resetRuns();
});

test("a run's options are the form's again", () => {
  useView.setState({ dialog: "runs" });
  takeRunOptions(run(3, [{ kind: "wide", options: { width: 64, of: "another version" } }]));
  const form = useHeadsForm.getState();
  expect(headWish(form, offers).heads).toEqual([{ kind: "wide", options: { width: 64 } }]);
  expect(form.training).toMatchObject({ seed: 7, epochs: 33 });
  expect(useView.getState()).toMatchObject({ dialog: null, panel: "heads", headsTab: "heads" });
  expect(useNotices.getState().notices.map(({ text }) => text)).toEqual([
    "The form has the options of run 3.",
  ]);
});

test("heads that this version doesn't know are named", () => {
  takeRunOptions(
    run(
      3,
      ["plain", "odd"].map((kind) => ({ kind, options: {} })),
    ),
  );
  expect(useHeadsForm.getState().kinds).toEqual(["plain"]);
  expect(useNotices.getState().notices[0].text).toMatch(/but for heads unknown here: odd\.$/);
});

test("the latest run is shown until others are chosen", () => {
  const numbers = () => shownRuns(runs, useRuns.getState()).map(({ number }) => number);
  expect(numbers()).toEqual([3]);
  toggleRun(1);
  expect(numbers()).toEqual([1, 3]);
  toggleRun(3);
  toggleRun(1);
  expect(numbers()).toEqual([]);
});
