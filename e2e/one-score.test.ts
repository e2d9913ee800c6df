import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { z } from "zod";
import { encodeNpy } from "../electron/engine/base/npy.ts";
import { encodeNpz } from "../electron/engine/base/npz.ts";
import { manifestSchema } from "../electron/engine/export/staged.ts";
import { decodeModel, encodeModel } from "../electron/engine/onnx/codec.ts";
import { summarySchema } from "../shared/files/summary.ts";
import {
  newFolder,
  nodeModules,
  offrampJson,
  readJson,
  shared,
  startProgram,
} from "./testing/command-line.ts";
import { gratings, imageChannels, imageSize, type LabelledImages, modelInput } from "./testing/gratings.ts";
import { withOneScore } from "./testing/odd-models.ts";
import { testImages } from "./testing/workspace.ts";

const shape = [imageChannels, imageSize, imageSize];

/** Images of four classes as a data set of two: is it one of the last two? */
async function writeTwoClasses(path: string, test: LabelledImages): Promise<void> {
  const arrays = (name: string, { bytes, labels }: LabelledImages) => ({
    [`x_${name}`]: { shape: [labels.length, imageSize, imageSize, imageChannels], data: bytes },
    [`y_${name}`]: { shape: [labels.length], data: Uint8Array.from(labels, (label) => Number(label >= 2)) },
  });
  await writeFile(path, encodeNpz({ ...arrays("train", gratings(100, 1)), ...arrays("test", test) }));
}

test("a network of one score goes through a whole run, and its runner answers as the exported file", async () => {
  const folder = await newFolder();
  const at = (...parts: string[]) => join(folder, ...parts);
  const images = testImages();
  const count = images.labels.length;
  const proto = withOneScore(decodeModel(await readFile(shared("model.onnx")), "model"));
  await writeFile(at("net.onnx"), encodeModel(proto));
  await writeTwoClasses(at("data.npz"), images);
  const options = ["--data", at("data.npz"), "--preprocess", shared("preprocess.json"), "--max-drop", "5"];
  // All test images stay the report's.
  options.push("--calibration-from", "train");
  const summary = await offrampJson(
    ["run", at("net.onnx"), ...options, "--profile-seconds", "0.5", "--no-compare", "--out", at("out")],
    summarySchema,
  );
  expect(summary.data.samples).toEqual({ train: 320, calibration: 80, test: count });
  expect(summary.data.notes).toEqual([expect.stringMatching(/carved from the training images/)]);
  expect(summary.decisionAgreement).toBe(1);
  expect(summary.backbone.accuracy).toBeGreaterThan(0.8);
  expect(summary.plan.exitRates.measured.length).toBeGreaterThan(1);

  const data = modelInput(images);
  const session = await InferenceSession.create(at("out", "model.onnx"));
  const size = data.length / count;
  const expected: [number, number][] = [];
  let right = 0;
  for (let row = 0; row < count; row++) {
    const image = new Tensor("float32", data.slice(row * size, (row + 1) * size), [1, ...shape]);
    const { logits, exit } = await session.run({ image });
    expect(logits.dims).toEqual([1, 1]);
    const answer = Number(Number(logits.data[0]) > 0.5);
    if (answer === Number(images.labels[row] >= 2)) right++;
    expected.push([answer, Number(exit.data[0])]);
  }
  await session.release();
  expect(summary.plan.measured.accuracy).toBe(right / count);

  const manifest = await readJson(at("out", "staged", "manifest.json"), manifestSchema);
  expect(manifest).toMatchObject({ classes: 2, score: "probability" });
  await cp(at("out", "staged"), at("staged"), { recursive: true });
  await symlink(nodeModules, at("node_modules"));
  await writeFile(at("images.npy"), encodeNpy({ shape: [count, ...shape], data }));
  const { code, stdout, stderr } = await startProgram("node", ["staged/run.mjs", "images.npy"], {
    cwd: folder,
  }).finished;
  expect(code, stderr).toBe(0);
  const answerSchema = z.object({ class: z.number(), exit: z.number() });
  const answers = stdout
    .trimEnd()
    .split("\n")
    .map((line) => answerSchema.parse(JSON.parse(line)));
  expect(answers.map((answer) => [answer.class, answer.exit])).toEqual(expected);
});
