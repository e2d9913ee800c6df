import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeModel } from "../electron/engine/onnx/codec.ts";
import { residualNet } from "../electron/engine/onnx/testing/test-graphs.ts";
import { newFolder, startProgram } from "./testing/command-line.ts";
import { detector, openSize } from "./testing/odd-models.ts";

test("what a folder of models gives is printed, refusals and open sizes too", async () => {
  const folder = await newFolder();
  await mkdir(join(folder, "deeper"));
  await writeFile(join(folder, "deeper", "residual.onnx"), encodeModel(residualNet(3)));
  await writeFile(join(folder, "detector.onnx"), encodeModel(detector()));
  await writeFile(join(folder, "open.onnx"), encodeModel(openSize()));
  await writeFile(join(folder, "damaged.onnx"), "not a model");
  const run = (...args: string[]) =>
    startProgram(process.execPath, ["bench/run.mjs", "import", folder, ...args], {
      cwd: process.cwd(),
    }).finished;
  const { stdout, code } = await run("--input-size", "16x16", "--json");
  expect(code).toBe(0);
  const { imported, models } = JSON.parse(stdout);
  expect(imported).toBe(2);
  // A stem of 3 channels and three blocks of two convolutions, 4 channels, 8x8; 5 classes.
  const macs = 64 * 4 * 27 + 3 * 2 * 64 * 4 * 36 + 20;
  expect(models).toMatchObject([
    { model: "damaged.onnx", imports: false, code: "model-invalid" },
    {
      model: join("deeper", "residual.onnx"),
      imports: true,
      cutPoints: 3,
      macs,
      classes: 5,
      anyBatch: false,
    },
    {
      model: "detector.onnx",
      imports: false,
      code: "model-unsupported",
      message: expect.stringMatching(/each has one label/),
    },
    { model: "open.onnx", imports: true, input: "3x16x16 float32" },
  ]);
  const table = await run();
  expect(table.stdout).toMatch(/^deeper\/residual\.onnx +3 +62\.2 k +5 +3x8x8 float32 +1 /m);
  expect(table.stdout).toMatch(/^2 of 4 imported$/m);
});
