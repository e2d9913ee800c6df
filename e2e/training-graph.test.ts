import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { openProject } from "../electron/engine/index.ts";
import { type Summary, summarySchema } from "../shared/files/summary.ts";
import { backboneSummarySchema } from "../shared/model/backbone.ts";
import {
  expectRefusal,
  finishedRun,
  offramp,
  offrampJson,
  ownFolder,
  readJson,
  shared,
  smallData,
  smallRun,
} from "./testing/command-line.ts";

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

test("without a word of heads its exits are all that it has, and held-out images all that it needs", async () => {
  const model = path("training.onnx");
  const profile = path("profile.json");
  const timed = await offramp(["profile", model, "--profile-seconds", "0.5", "-o", profile]);
  expect(timed.code, timed.stderr).toBe(0);
  const args = ["run", model, "--data", shared("data", "test"), "--preprocess", shared("preprocess.json")];
  const wish = ["--max-drop", "0.5", "--no-compare", "--profile", profile];
  const { code, stderr } = await offramp([...args, ...wish, "--out", path("alone")]);
  expect(code, stderr).toBe(0);
  // Stages say what they do, and nothing is trained.
  expect(stderr).toMatch(/^calibrate /m);
  expect(stderr).not.toMatch(/^train /m);
  const summary = await readJson(path("alone", "summary.json"), summarySchema);
  expect(summary.data.samples).toEqual({ train: 0, calibration: 120, test: 120 });
  expect(summary.data.check).toMatchObject({ images: 120, split: "calibration" });
  expect(summary.outputs.map(({ head }) => head)).toEqual([
    ...first.outputs.flatMap((_, index) => exitName(index)),
    null,
  ]);
  expect(summary.plan.exits.length).toBeGreaterThan(0);
  expect(summary.decisionAgreement).toBe(1);
  // The project knows how its images were divided: what is searched and verified later is of the same ones.
  const exported = path("again");
  const project = path("alone", "project.offramp");
  const made = await offramp(["export", project, "--format", "single-file", "-o", exported]);
  expect(made.code, made.stderr).toBe(0);
  const verified = await offramp([
    ...["verify", join(exported, "model.onnx"), "--project", project],
    ...["--data", shared("data", "test"), "--json"],
  ]);
  expect(verified.code, verified.stderr).toBe(0);
  expect(JSON.parse(verified.stdout)).toMatchObject({ decisionAgreement: 1 });
});

test("as a network before another it keeps its exits, while the other gets heads", async () => {
  const out = path("chain.offramp");
  const made = await offramp([
    ...["train", shared("other.onnx"), ...smallData(), "--member", path("training.onnx")],
    ...["--epochs", "1", "-o", out],
  ]);
  expect(made.code, made.stderr).toBe(0);
  const { heads, members } = await openProject(out);
  expect(new Set(heads.map(({ kind }) => kind))).toEqual(new Set(["mixed-hidden"]));
  expect(members[0].heads.map(({ kind }) => kind)).toEqual(
    first.outputs.flatMap((_, index) => exitName(index)),
  );
});

test("a network without exits needs heads", async () => {
  const args = ["train", shared("model.onnx"), ...smallData(), "-o", path("no.offramp")];
  await expectRefusal([...args, "--head", "none"], {
    code: 2,
    says: /model brings no exits of its own, so it needs heads/,
  });
  await expectRefusal([...args, "--head", "none,gap-linear"], {
    code: 2,
    says: /--head none goes with no other kind/,
  });
});

/** Name of the graph output of the n-th head; the backbone's own output, the last, has another. */
function exitName(index: number): string[] {
  return index < first.outputs.length - 1 ? [`exit_${index}_mixed-hidden`] : [];
}
