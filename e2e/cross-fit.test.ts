import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { z } from "zod";
import { openProject } from "../electron/engine/index.ts";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { summarySchema } from "../shared/files/summary.ts";
import { crossFitSchema } from "../shared/model/cross-fit.ts";
import { planSchema } from "../shared/model/plan.ts";
import {
  expectRefusal,
  offramp,
  offrampJson,
  ownFolder,
  readJson,
  shared,
  smallRun,
} from "./testing/command-line.ts";

const { path, write } = ownFolder();

test("a run whose halves take turns claims accuracy from them alone, and so does whoever verifies its files later", async () => {
  const out = path("run");
  const summary = await offrampJson([...smallRun(out), "--max-drop", "1", "--cross-fit"], summarySchema);
  const { calibration, test: tested } = summary.data.samples;
  const { crossFit, plan } = summary;
  expect(crossFit).toMatchObject({ calibrationSamples: calibration, testSamples: tested });
  const [onCalibration, onTest] = crossFit!.halves;
  expect([onCalibration.samples, onTest.samples]).toEqual([tested, calibration]);
  const right = tested * onCalibration.figures.accuracy + calibration * onTest.figures.accuracy;
  expect(crossFit!.pooled!.accuracy).toBeCloseTo(right / (calibration + tested), 12);
  expect(summary.accuracyDropPp).toBe(crossFit!.pooled!.accuracyDropPp);
  for (const figures of [plan.measured, plan.predicted, plan.profiled, plan.calibration])
    expect(figures.accuracyInterval).toBeUndefined();
  expect(summary.verdict.find(({ id }) => id === "crossFit")?.text).toMatch(
    /^Cross-fitted: plans were chosen/,
  );
  const front = await readJson(path("run", "front.json"), frontFileSchema);
  expect(front.samples).toBe(calibration + tested);
  const written = await readJson(path("run", "plan.json"), planSchema);
  expect(written.crossFit!.halves).toEqual(
    front.crossFit!.halves.map(({ chosenOn, exits }) => ({ chosenOn, exits })),
  );
  expect(await readFile(path("run", "report.html"), "utf8")).not.toContain("which no choice was made on");

  // The plan says by itself how it was chosen, to a project that was never searched so.
  const project = path("run", "project.offramp");
  expect((await openProject(project)).front!.crossFit).toEqual(crossFit);
  const plain = await offrampJson(["search", project, "--no-compare", "--max-drop", "1"], frontFileSchema);
  expect([plain.samples, plain.crossFit]).toEqual([calibration, undefined]);
  const verify = ["verify", path("run", "model.onnx"), "--project", project, "--data", shared("data")];
  const schema = z.looseObject({ accuracyDropPp: z.number(), crossFit: crossFitSchema });
  const verified = await offrampJson([...verify, "--plan", path("run", "plan.json")], schema);
  expect(verified.crossFit).toEqual(crossFit);
  expect(verified.accuracyDropPp).toBe(summary.accuracyDropPp);
  const { stdout } = await offramp(verify);
  expect(stdout).toMatch(/^measured .* \(on images that it was chosen on\)/m);
  expect(stdout).toMatch(/^accuracy drop .* by the cross-fitted estimate; decisions agree/m);

  await expectRefusal(["search", project, "--cross-fit", "--confidence", "0.95"], {
    code: 2,
    says: /cross-fitting: a guarantee tests its plan .* leave out --cross-fit or --confidence/,
  });
  const weights = await write("weights.json", JSON.stringify(new Array(calibration).fill(1)));
  await expectRefusal(["search", project, "--cross-fit", "--sample-weights", weights], {
    code: 2,
    says: /--sample-weights: they are of the calibration samples alone/,
  });
});

test("what was told to learn thresholds from training images is refused before anything runs", async () => {
  await expectRefusal([...smallRun(path("refused")), "--cross-fit", "--calibration-from", "train"], {
    code: 2,
    says: /cross-fitting: calibration images are of those that the backbone was trained on/,
  });
});
