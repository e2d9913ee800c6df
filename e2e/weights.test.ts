import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openProject } from "../electron/engine/index.ts";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { summarySchema } from "../shared/files/summary.ts";
import {
  expectRefusal,
  finishedRun,
  offramp,
  offrampJson,
  ownFolder,
  shared,
  smallRun,
} from "./testing/command-line.ts";

let project: string;
let classNames: string[];

const { path, write } = ownFolder();

beforeAll(async () => {
  ({ project } = await finishedRun());
  classNames = (await openProject(project)).data!.classNames;
});

const search = (...more: string[]) =>
  offrampJson(["search", project, "--no-compare", "--max-drop", "1", ...more], frontFileSchema);

describe("a search with weights", () => {
  test("reckons accuracy by class, under the classes' numbers in front.json", async () => {
    const weights = await write("first.json", JSON.stringify({ [classNames[0]]: 3, 1: 0 }));
    const { useCase, backbone, samples, effectiveSamples } = await search("--class-weights", weights);
    expect(useCase.classWeights).toEqual({ 0: 3, 1: 0 });
    const [table] = (await openProject(project)).tables.calibration.values();
    const labels = [...table.labels!];
    const weightOf = (label: number) => (label === 0 ? 3 : label === 1 ? 0 : 1);
    const total = labels.reduce((sum, label) => sum + weightOf(label), 0);
    const squares = labels.reduce((sum, label) => sum + weightOf(label) ** 2, 0);
    const right = labels.reduce(
      (sum, label, sample) => sum + weightOf(label) * table.correct[table.exits * samples + sample],
      0,
    );
    expect(backbone.accuracy).toBeCloseTo(right / total, 12);
    expect(effectiveSamples).toBeCloseTo(total ** 2 / squares, 9);
  });

  test("takes weights of samples, which say the same as those of their classes", async () => {
    const [table] = (await openProject(project)).tables.calibration.values();
    const lines = [...table.labels!].map((label) => (label === 0 ? 2.5 : 1)).join("\n");
    const byClass = await search("--class-weights", await write("class.csv", `${classNames[0]},2.5`));
    const bySample = await search("--sample-weights", await write("samples.txt", lines));
    expect(bySample.backbone.accuracy).toBeCloseTo(byClass.backbone.accuracy, 2);
    expect(bySample.useCase.classWeights).toBeUndefined();
    expect(bySample.effectiveSamples).toBeLessThan(bySample.samples);
  });

  test("weights that are all alike change nothing", async () => {
    const even = await write(
      "even.json",
      JSON.stringify(Object.fromEntries(classNames.map((name) => [name, 2]))),
    );
    const weighted = await search("--class-weights", even);
    expect(weighted.recommended).toEqual((await search()).recommended);
    expect(weighted.effectiveSamples).toBeUndefined();
  });
});

test("a run reports by the same weights, and says what accuracy is without them", async () => {
  const weights = await write("run.json", JSON.stringify({ [classNames[0]]: 4 }));
  const out = path("out");
  const args = [...smallRun(out), "--max-drop", "0.5", "--class-weights", weights];
  const { backbone, plan, weighted, useCase, data, accuracyDropPp } = await offrampJson(args, summarySchema);
  expect(useCase.classWeights).toEqual({ 0: 4 });
  expect(weighted!.effectiveSamples).toBeLessThan(data.samples.test);
  const plain = (await finishedRun()).summary;
  expect(weighted!.unweighted.backbone).toBeCloseTo(plain.backbone.accuracy, 9);
  expect(accuracyDropPp).toBeCloseTo(100 * (backbone.accuracy - plan.measured.accuracy), 9);
  expect(plan.predicted.accuracy).toBeCloseTo(plan.measured.accuracy, 2);
  expect(await readFile(join(out, "report.html"), "utf8")).toMatch(
    /All figures are weighted by class, worth [\d ]+ equal samples/,
  );
  const verify = ["verify", join(out, "model.onnx"), "--project", join(out, "project.offramp")];
  const { stdout } = await offramp([...verify, "--data", shared("data"), "--class-weights", weights]);
  expect(stdout).toMatch(/weighted by class, worth [\d ]+ equal samples; unweighted: backbone [\d.]+ %/);
});

describe("weights that don't fit are refused", () => {
  test("a class that isn't there, before anything is trained", async () => {
    const weights = await write("none.json", '{"unicorn": 2}');
    const says = /a weight for class 'unicorn', but no such class; there are \d+: /;
    await expectRefusal(["search", project, "--class-weights", weights], { code: 2, says });
    const run = [...smallRun(path("never")), "--class-weights", weights, "--epochs", "1000"];
    await expectRefusal(run, { code: 2, says });
  });

  test("weights beside a guarantee, which counts every sample once", async () => {
    const weights = await write("two.json", JSON.stringify({ [classNames[0]]: 2 }));
    const args = ["--class-weights", weights, "--confidence", "0.95"];
    const says = /a guarantee holds for samples as they come, so they can't be weighted/;
    await expectRefusal(["search", project, ...args], { code: 2, says });
    await expectRefusal([...smallRun(path("never")), ...args], { code: 2, says });
  });

  test("weights that are none, too few, or all zero", async () => {
    const refuse = async (flag: string, content: string, says: RegExp, code: 1 | 2 = 1) =>
      expectRefusal(["search", project, flag, await write("bad.txt", content)], { code, says });
    await refuse("--class-weights", `${classNames[0]},-1`, /gives -1 as the weight of class/);
    await refuse("--sample-weights", "1\n2", /there are 2 weights for \d+ samples/, 2);
    const zero = JSON.stringify(Object.fromEntries(classNames.map((name) => [name, 0])));
    await refuse("--class-weights", zero, /add up to 0, expected a number above 0/, 2);
    await expectRefusal(["search", project, "--class-weights", path("missing")], {
      says: /missing: no such file or folder; give a file of weights/,
    });
  });
});
