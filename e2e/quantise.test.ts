import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { z } from "zod";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { summarySchema } from "../shared/files/summary.ts";
import {
  expectRefusal,
  offrampJson,
  ownFolder,
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

test("what holds integers already is refused before any long work", async () => {
  await expectRefusal([...smallRun(own.path("none"), own.path("small.int8.onnx")), "--rival", "int8"], {
    says: /small\.int8 can't be quantised: it computes with integers already/,
  });
  await expectRefusal(["quantise", shared("model.onnx"), ...smallData(), "-o", shared("model.onnx")], {
    code: 2,
    says: /model\.onnx/,
  });
});
