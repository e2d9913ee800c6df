import { beforeAll, expect, test } from "vitest";
import { openProject } from "../electron/engine/index.ts";
import { type Summary, summarySchema } from "../shared/files/summary.ts";
import { backboneSummarySchema } from "../shared/model/backbone.ts";
import { finishedRun, offramp, offrampJson, ownFolder, smallRun } from "./testing/command-line.ts";

let first: Summary;
const { path } = ownFolder();

beforeAll(async () => {
  const run = await finishedRun();
  first = run.summary;
  const made = await offramp(["export", run.project, "--format", "training-graph", "-o", path()]);
  expect(made.code, made.stderr).toBe(0);
});

test("a training graph opens as a backbone with ready exits", async () => {
  const summary = await offrampJson(["inspect", path("training.onnx")], backboneSummarySchema);
  const cuts = first.outputs.flatMap(({ cutPoint }) => cutPoint ?? []);
  expect(summary.readyExits.map(({ cutPoint }) => cutPoint)).toEqual(cuts);
  expect(summary.cutPoints.map(({ tensor }) => tensor)).toEqual(cuts);
  expect(summary.macs).toBe(first.model.macs);
  expect(summary.output).toMatchObject({ name: "logits", classes: 4 });
});

test("a run on it uses the exits that came along, and they are as good as before", async () => {
  const args = [...smallRun(path("out"), path("training.onnx")), "--head", "gap-linear", "--max-exits", "2"];
  const summary = await offrampJson([...args, "--max-drop", "0.5"], summarySchema);
  expect(summary.decisionAgreement).toBeGreaterThanOrEqual(0.999);
  expect(summary.plan.exits.length).toBeGreaterThan(0);
  const { heads } = await openProject(path("out", "project.offramp"));
  expect([...new Set(heads.map(({ kind }) => kind))].sort()).toEqual(
    ["gap-linear", ...first.outputs.flatMap((_, index) => exitName(index))].sort(),
  );
  for (const [index, before] of first.outputs.slice(0, -1).entries()) {
    const again = summary.outputs.find(({ head }) => head === exitName(index)[0])!;
    expect(again.cutPoint).toBe(before.cutPoint);
    expect(again.accuracy).toBeCloseTo(before.accuracy, 6);
  }
  expect(summary.backbone.accuracy).toBe(first.backbone.accuracy);
});

/** Name of the graph output of the n-th head; the backbone's own output, the last, has another. */
function exitName(index: number): string[] {
  return index < first.outputs.length - 1 ? [`exit_${index}_mixed-hidden`] : [];
}
