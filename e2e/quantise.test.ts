import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { z } from "zod";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { summarySchema } from "../shared/files/summary.ts";
import {
  expectRefusal,
  offramp,
  offrampJson,
  ownFolder,
  readJson,
  shared,
  smallData,
  smallRun,
} from "./testing/command-line.ts";
import { imageChannels, imageSize, modelInput } from "./testing/gratings.ts";
import { testImages } from "./testing/workspace.ts";

const own = ownFolder();

const accuracy = z.object({ accuracy: z.number() });
const quantisedSchema = z.object({
  samples: z.number(),
  float: accuracy,
  int8: accuracy,
  agreement: z.number(),
  accuracyDropPp: z.number(),
  speedup: z.number(),
  bytes: z.object({ float: z.number(), int8: z.number() }),
});

/** The class that a model answers to each test image, one by one in stock ONNX Runtime. */
async function answersOf(path: string): Promise<number[]> {
  const images = testImages();
  const input = modelInput(images);
  const size = input.length / images.labels.length;
  const session = await InferenceSession.create(path);
  const answers: number[] = [];
  for (const index of images.labels.keys()) {
    const pixels = input.slice(index * size, (index + 1) * size);
    const image = new Tensor("float32", pixels, [1, imageChannels, imageSize, imageSize]);
    const scores = (await session.run({ image })).logits.data as Float32Array;
    answers.push(scores.indexOf(Math.max(...scores)));
  }
  await session.release();
  return answers;
}

test("a quantised network answers as its figures say, a quarter as large", async () => {
  const file = own.path("small.int8.onnx");
  const figures = await offrampJson(
    ["quantise", shared("model.onnx"), ...smallData(), "-o", file],
    quantisedSchema,
  );
  const { labels } = testImages();
  const [float, int8] = [await answersOf(shared("model.onnx")), await answersOf(file)];
  // Integers are added up in another order by other batches' kernels, never by more than a step.
  const right = (answers: readonly number[]) =>
    answers.filter((answer, index) => answer === labels[index]).length / labels.length;
  expect(figures.samples).toBe(240);
  expect(figures.float.accuracy).toBeCloseTo(right(float), 2);
  expect(figures.int8.accuracy).toBeCloseTo(right(int8), 2);
  expect(figures.agreement).toBeGreaterThan(0.9);
  expect(figures.accuracyDropPp).toBeLessThan(3);
  expect(figures.bytes.int8).toBeLessThan(0.3 * figures.bytes.float);

  // Exits go into it as into any backbone, with the float network beside.
  const summary = await offrampJson(
    [...smallRun(own.path("both"), file), ...["--max-drop", "1", "--reference", shared("model.onnx")]],
    summarySchema,
  );
  expect(summary.model.name).toBe("small.int8");
  expect(summary.decisionAgreement).toBeGreaterThan(0.98);
  expect(summary.references.map(({ name }) => name)).toEqual(["model"]);
});

test("a run and a search make an int8 rival themselves", async () => {
  const out = own.path("run");
  const summary = await offrampJson([...smallRun(out), "--rival", "int8"], summarySchema);
  expect(summary.references.map(({ name }) => name)).toEqual(["model.int8"]);
  const [{ accuracy, bytes }] = summary.references;
  expect(Math.abs(accuracy - summary.backbone.accuracy)).toBeLessThan(0.03);
  expect(bytes).toBeLessThan(0.3 * 4 * summary.model.parameters);
  const found = await offrampJson(
    ["search", join(out, "project.offramp"), "--rival", "int8", "--ranges", "percentile", "--no-compare"],
    frontFileSchema,
  );
  // Other ranges make another network, so both are there.
  expect(found.references?.map(({ name }) => name)).toEqual(["model.int8", "model.int8"]);
});

test("a run puts exits into the int8 backbone as well, and sets all three beside the float one", async () => {
  const out = own.path("compared");
  const run = [...smallRun(out), "--max-drop", "1"];
  const { code, stdout, stderr } = await offramp([...run, "--rival", "int8-exits"]);
  expect(code, stderr).toBe(0);
  const summary = await readJson(join(out, "summary.json"), summarySchema);
  const [early, int8, both] = summary.compared;
  expect(summary.compared.map(({ name, file }) => `${name}: ${file}`)).toEqual([
    "early exit: model.onnx",
    "int8: int8/backbone.onnx",
    "int8 + early exit: int8/model.onnx",
  ]);
  const { labels } = testImages();
  const accuracyOf = async (path: string) => {
    const answers = await answersOf(path);
    return answers.filter((answer, index) => answer === labels[index]).length / labels.length;
  };
  const float = await accuracyOf(shared("model.onnx"));
  for (const { file, accuracy, accuracyDropPp } of summary.compared) {
    expect(accuracy).toBeCloseTo(await accuracyOf(join(out, file)), 9);
    expect(accuracyDropPp).toBeCloseTo(100 * (float - accuracy), 9);
  }
  expect(early.speedup).toBe(summary.speedup);
  expect(early.accuracyDropPp).toBe(summary.accuracyDropPp);
  expect(int8.bytes).toBeLessThan(0.3 * early.bytes);
  expect(both.bytes).toBeGreaterThan(int8.bytes);
  expect(both.exitRates.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(1, 9);
  expect(both.decisionAgreement).toBeGreaterThan(0.98);
  expect(both.besidePlan!.timesFaster).toBeCloseTo(both.speedup / summary.speedup, 9);
  // Chosen for the same use case: a floor at the float backbone's accuracy on the calibration split less one point.
  const front = await readJson(join(out, "front.json"), frontFileSchema);
  const { useCase } = await readJson(join(out, "int8", "front.json"), frontFileSchema);
  expect(useCase).toEqual({ latency: "mean", minAccuracy: front.backbone.accuracy - 0.01 });
  expect(stdout).toMatch(/^int8 \+ early exit +\d+\.\d\d %/m);
  expect(await readFile(join(out, "report.html"), "utf8")).toContain("Early exits and int8");
  // The int8 network's own project goes through the other commands.
  const project = join(out, "int8", "project.offramp");
  const again = await offramp([
    "verify",
    join(out, "int8", "model.onnx"),
    "--project",
    project,
    ...smallData().slice(0, 2),
  ]);
  expect(again.code, again.stderr).toBe(0);

  // A run without leaves none of it behind, and nobody else's files are replaced.
  await offrampJson(run, summarySchema);
  expect(existsSync(join(out, "int8"))).toBe(false);
  await mkdir(join(out, "int8"));
  await writeFile(join(out, "int8", "mine.txt"), "kept");
  await expectRefusal([...run, "--rival", "int8"], {
    says: /int8 is there already and Offramp didn't make it/,
  });
  await offrampJson(run, summarySchema);
  expect(await readFile(join(out, "int8", "mine.txt"), "utf8")).toBe("kept");
});

test("what holds integers already is refused before any long work", async () => {
  await expectRefusal([...smallRun(own.path("none"), own.path("small.int8.onnx")), "--rival", "int8"], {
    says: /small\.int8 can't be quantised: it computes with integers already/,
  });
  await expectRefusal(["quantise", shared("model.onnx"), ...smallData(), "-o", shared("model.onnx")], {
    code: 2,
    says: /model\.onnx/,
  });
});
