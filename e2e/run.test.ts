import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { beforeAll, describe, expect, test } from "vitest";
import { openTable } from "../electron/engine/index.ts";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { type Summary, summarySchema } from "../shared/files/summary.ts";
import { planSchema } from "../shared/model/plan.ts";
import { profileSchema } from "../shared/model/profile.ts";
import {
  finishedRun,
  newFolder,
  offramp,
  offrampJson,
  readJson,
  shared,
  smallRun,
} from "./testing/command-line.ts";
import { imageChannels, imageSize, modelInput } from "./testing/gratings.ts";
import { testImages } from "./testing/workspace.ts";

let folder: string;
let project: string;
let summary: Summary;

beforeAll(async () => {
  ({ folder, project, summary } = await finishedRun());
});

test("writes everything that a run promises, and nothing else", async () => {
  expect((await readdir(folder)).sort()).toEqual([
    "front.json",
    "model.onnx",
    ...(summary.safe?.plan ? ["plan-safe.json"] : []),
    "plan.json",
    "profile.json",
    "project.offramp",
    "report.html",
    "staged",
    "summary.json",
  ]);
  const stages = summary.plan.exits.length + 1;
  const files = Array.from({ length: stages }, (_, stage) => `stage-${stage}.onnx`);
  const programs = ["run", "batch", "images", "counts", "control"];
  const runners = programs.flatMap((name) => [`${name}.py`, `${name}.mjs`]);
  expect((await readdir(join(folder, "staged"))).sort()).toEqual(
    [...runners, "cpp", "manifest.json", ...files].sort(),
  );
  const report = await readFile(join(folder, "report.html"), "utf8");
  expect(report).toMatch(/^<!doctype html>/i);
  for (const { cutPoint } of summary.plan.exits) expect(report).toContain(cutPoint);
});

test("the plan is worth testing: it has exits, and images leave at several places", () => {
  const { exits, exitRates, feasible } = summary.plan;
  expect(exits.length).toBeGreaterThan(0);
  expect(exitRates.measured.filter((rate) => rate > 0.005).length).toBeGreaterThan(1);
  expect(feasible).toBe(true);
  expect(summary.backbone.accuracy).toBeGreaterThan(0.8);
  expect(summary.search).toMatchObject({ algorithm: "exact", proven: true });
  expect(summary.search.evaluations).toBeGreaterThan(1000);
  expect(summary.search.hypervolume).toBeGreaterThan(0);
});

test("figures agree with each other", () => {
  const { backbone, plan } = summary;
  for (const { latencyMs } of [backbone, plan.measured, plan.predicted, plan.profiled, plan.calibration]) {
    expect(latencyMs.p50).toBeGreaterThan(0);
    expect(latencyMs.p95).toBeGreaterThanOrEqual(latencyMs.p50);
    expect(latencyMs.worst).toBeGreaterThanOrEqual(latencyMs.p95);
    expect(latencyMs.worst).toBeGreaterThanOrEqual(latencyMs.mean);
  }
  expect(summary.speedup).toBeCloseTo(backbone.latencyMs.mean / plan.measured.latencyMs.mean, 9);
  expect(summary.speedup).toBeGreaterThan(1);
  expect(summary.accuracyDropPp).toBeCloseTo(100 * (backbone.accuracy - plan.measured.accuracy), 9);
  const error = 100 * (plan.predicted.latencyMs.mean / plan.measured.latencyMs.mean - 1);
  expect(summary.latencyErrorPct).toBeCloseTo(error, 6);
  expect(plan.exits.map(({ rate }) => rate)).toEqual(plan.exitRates.measured.slice(0, -1));
  expect(summary.decisionAgreement).toBeGreaterThanOrEqual(0.999);
  expect(summary.data.samples).toEqual({ train: 400, calibration: 160, test: 240 });
  expect(summary.outputs).toHaveLength(summary.model.cutPoints + 1);
  const stageSum = Object.values(summary.stageSeconds).reduce((sum, seconds) => sum + seconds, 0);
  expect(summary.wallSeconds).toBeGreaterThanOrEqual(stageSum);
  expect(Object.keys(summary.stageSeconds).sort()).toEqual(
    ["calibrate", "check", "export", "import", "load", "profile", "search", "train", "verify"].sort(),
  );
  expect(summary.peakRssBytes).toBeGreaterThan(50e6);
});

test("means and speed-up carry intervals that hold them, and all samples were run", () => {
  const { backbone, plan, speedup, verification } = summary;
  expect(verification).toMatchObject({ samples: 240, available: 240, blocks: expect.any(Number) });
  for (const { mean, meanInterval } of [backbone.latencyMs, plan.measured.latencyMs]) {
    expect(meanInterval![0]).toBeLessThan(mean);
    expect(meanInterval![1]).toBeGreaterThan(mean);
  }
  const [low, high] = verification!.speedupInterval!;
  expect(low).toBeLessThan(speedup);
  expect(high).toBeGreaterThan(speedup);
  const isWithin = summary.speedupPredicted >= low && summary.speedupPredicted <= high;
  expect(verification!.isSpeedupWithin).toBe(isWithin);
  expect(summary.timeBudget).toBeUndefined();
});

test("a time budget is kept to with less of what is settled for, and all that is shown says what", async () => {
  const out = await newFolder();
  const run = [...smallRun(out), "--max-drop", "0.5", "--time-budget", "10s", "--verify-seconds", "5"];
  const { timeBudget, verification, data, verdict, plan } = await offrampJson(run, summarySchema);
  expect(timeBudget!.seconds).toBe(10);
  expect(timeBudget!.used).toBeGreaterThan(0);
  for (const { took, wanted } of timeBudget!.settled) expect(took).toBeLessThan(wanted);
  const settled = new Map(timeBudget!.settled.map(({ what, took }) => [what, took]));
  expect(data.samples.train).toBe(settled.get("train images") ?? 400);
  expect(data.samples.calibration).toBe(settled.get("calibration images") ?? 160);
  expect(verification!.available).toBe(settled.get("test images") ?? 240);
  expect(verification!.samples).toBe(settled.get("verified samples") ?? verification!.available);
  expect(verification!.samples).toBeGreaterThanOrEqual(50);
  const said = verdict.find(({ id }) => id === "timeBudget")!;
  expect(said.values).toEqual({ seconds: 10, used: timeBudget!.used });
  const report = await readFile(join(out, "report.html"), "utf8");
  expect(report.replaceAll("&#39;", "'")).toContain(said.text);
  expect(plan.exits.length).toBeGreaterThan(0);
});

test("a duration that is none is refused", async () => {
  const { code, stderr } = await offramp([...smallRun(await newFolder()), "--time-budget", "15"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/--time-budget.*expected a duration from 10s to 168h, such as 90s, 15m or 1h/);
});

test("stock ONNX Runtime finds the summary's accuracy and exit rates in the exported file", async () => {
  const images = testImages();
  const input = modelInput(images);
  const count = images.labels.length;
  const backbone = await InferenceSession.create(shared("model.onnx"));
  const exported = await InferenceSession.create(join(folder, "model.onnx"));
  expect([...exported.outputNames].sort()).toEqual(["confidence", "exit", "logits"]);
  const { exits } = summary.plan;
  const taken = new Array<number>(exits.length + 1).fill(0);
  let [backboneRight, planRight] = [0, 0];
  for (const [index, label] of images.labels.entries()) {
    const pixels = input.slice((index * input.length) / count, ((index + 1) * input.length) / count);
    const image = new Tensor("float32", pixels, [1, imageChannels, imageSize, imageSize]);
    const { logits } = await backbone.run({ image });
    if (largest(logits.data as Float32Array) === label) backboneRight++;
    const results = await exported.run({ image });
    if (largest(results.logits.data as Float32Array) === label) planRight++;
    const exit = Number(results.exit.data[0]);
    taken[exit]++;
    if (exit < exits.length)
      expect(results.confidence.data[0]).toBeGreaterThanOrEqual(Math.fround(exits[exit].threshold));
  }
  expect(summary.backbone.accuracy).toBe(backboneRight / count);
  expect(summary.plan.measured.accuracy).toBe(planRight / count);
  expect(summary.plan.exitRates.measured).toEqual(taken.map((samples) => samples / count));
  await backbone.release();
  await exported.release();
});

test("the predicted figures follow from profile, plan and confidence table by the design's formula", async () => {
  const tables = await newFolder();
  const { code, stderr } = await offramp(["calibrate", project, "--tables", tables]);
  expect(code, stderr).toBe(0);
  const table = await openTable(join(tables, "test-top1.npz"));
  const profile = await readJson(join(folder, "profile.json"), profileSchema);
  const plan = await readJson(join(folder, "plan.json"), planSchema);
  // One head a cut point, so the table's rows follow the profile's prefixes.
  const stops = plan.exits.map(({ cutPoint, threshold }) => {
    const row = profile.prefixes.findIndex((prefix) => prefix.cutPoint === cutPoint);
    const head = profile.heads.find((other) => other.cutPoint === cutPoint && other.policy === "top1")!;
    return { row, threshold, prefixMs: profile.prefixes[row].meanMs, headMs: head.meanMs };
  });
  const latencies: number[] = [];
  let right = 0;
  for (let sample = 0; sample < table.samples; sample++) {
    const at = (row: number) => row * table.samples + sample;
    const exit = stops.findIndex(({ row, threshold }) => table.confidence[at(row)] >= Math.fround(threshold));
    const passed = exit < 0 ? stops : stops.slice(0, exit + 1);
    const own = exit < 0 ? profile.final.meanMs : stops[exit].prefixMs;
    latencies.push(passed.reduce((sum, { headMs }) => sum + headMs, own));
    right += table.correct[at(exit < 0 ? table.exits : stops[exit].row)];
  }
  const mean = latencies.reduce((sum, latency) => sum + latency, 0) / latencies.length;
  expect(summary.plan.predicted.accuracy).toBeCloseTo(right / table.samples, 9);
  expect(summary.plan.profiled.latencyMs.mean).toBeCloseTo(mean, 6);
  expect(summary.plan.profiled.latencyMs.worst).toBeCloseTo(Math.max(...latencies), 6);
  const drift = summary.backbone.latencyMs.mean / profile.backbone.meanMs;
  expect(summary.plan.predicted.latencyMs.mean).toBeCloseTo(mean * drift, 6);
});

describe("the files of a run", () => {
  test("carry the plan that the front recommends", async () => {
    const plan = await readJson(join(folder, "plan.json"), planSchema);
    const front = await readJson(join(folder, "front.json"), frontFileSchema);
    expect(front.recommended.exits).toEqual(plan.exits);
    expect(plan.backboneSha256).toBe(summary.model.sha256);
    expect(plan.exits).toEqual(summary.plan.exits.map(({ rate: _, ...exit }) => exit));
    const [{ front: points }] = front.searches;
    const accuracies = points.map(({ accuracy }) => accuracy);
    expect(accuracies).toEqual([...accuracies].sort((a, b) => a - b));
    expect(front.schemes.map(({ scheme }) => scheme)).toContain("branchynet");
  });

  test("have a summary that is the line printed with --json", async () => {
    const out = join(await newFolder(), "again");
    const { stdout } = await offramp([
      ..."run --profile-seconds 0.5 --no-compare --max-drop 0.5 --json".split(" "),
      ...["--data", shared("data"), "--preprocess", shared("preprocess.json")],
      ...["--out", out, shared("model.onnx")],
    ]);
    const printed = summarySchema.parse(JSON.parse(stdout));
    expect(printed).toEqual(await readJson(join(out, "summary.json"), summarySchema));
    expect(printed.verdict.map(({ id }) => id).slice(0, 2)).toEqual(["outcome", "useCase"]);
    const report = (await readFile(join(out, "report.html"), "utf8")).replaceAll("&#39;", "'");
    for (const { text } of printed.verdict) expect(report).toContain(text);
    expect(printed.stageSeconds.train).toBeLessThan(2);
    expect(printed.plan.exits).toEqual(summary.plan.exits);
  });
});

function largest(values: Float32Array): number {
  return values.indexOf(Math.max(...values));
}
