import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { summarySchema } from "../shared/files/summary.ts";
import { profileSchema } from "../shared/model/profile.ts";
import {
  expectRefusal,
  offramp,
  offrampJson,
  ownFolder,
  readJson,
  shared,
  smallRun,
} from "./testing/command-line.ts";
import { rightAnswers } from "./testing/right-answers.ts";

const own = ownFolder();

test("a run compares its plan with static networks, in summary, front, project and report", async () => {
  const out = own.path("run");
  const reference = ["--reference", shared("fixed.onnx")];
  const summary = await offrampJson(
    [...smallRun(out), ...reference, ...reference, "--max-drop", "0.5"],
    summarySchema,
  );
  expect(summary.references).toHaveLength(1);
  const [fixed] = summary.references;
  expect(fixed.accuracy).toBeCloseTo((await rightAnswers(shared("fixed.onnx"))) / 240, 12);
  // Half of the blocks: faster than the backbone on any machine.
  expect(fixed.speedup).toBeGreaterThan(1.2);
  expect(fixed.timesFaster).toBeCloseTo(fixed.speedup / summary.speedup, 9);
  // Decisions may differ from the table's on a sample or two.
  const gainPp = 100 * (fixed.accuracy - summary.plan.measured.accuracy);
  expect(Math.abs(fixed.accuracyGainPp - gainPp)).toBeLessThan(1);
  expect(summary.stageSeconds.references).toBeGreaterThan(0);
  const report = await readFile(join(out, "report.html"), "utf8");
  expect(report).toContain("Static networks beside the plan");
  expect(report).toContain("fixed");
  const front = await readJson(join(out, "front.json"), frontFileSchema);
  expect(front.references?.[0]).toMatchObject({ name: "fixed", accuracy: fixed.calibrationAccuracy });

  // The project holds it, so a search shows it unasked.
  const found = await offrampJson(["search", join(out, "project.offramp")], frontFileSchema);
  expect(found.references).toEqual(front.references);
});

test("a search measures a network on the project's data, wherever that lies", async () => {
  const project = own.path("run", "project.offramp");
  const { code, stdout, stderr } = await offramp([
    ...["search", project, "--reference", shared("other.onnx"), "--data", shared("data"), "--no-compare"],
  ]);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^other: \d+\.\d\d % of them right, mean [\d.]+ ms$/m);
  expect(stdout).toMatch(/^fixed: /m);
});

test("a profile brings a network's latency from another machine", async () => {
  const profile = own.path("profile.json");
  const measured = await offrampJson(
    [
      ...["profile", shared("model.onnx"), "-o", profile, "--profile-seconds", "0.5"],
      ...["--reference", shared("fixed.onnx")],
    ],
    profileSchema,
  );
  expect(measured.references).toEqual([expect.objectContaining({ name: "fixed" })]);
  const [{ meanMs }] = measured.references!;
  expect(meanMs).toBeLessThan(measured.backbone.meanMs);
  const board = { ...measured, target: { ...measured.target, device: "a board" } };
  await writeFile(profile, JSON.stringify(board));
  const search = ["search", own.path("run", "project.offramp"), "--profile", profile, "--no-compare"];
  const found = await offrampJson([...search, "--reference", shared("fixed.onnx")], frontFileSchema);
  expect(found.references).toMatchObject([{ name: "fixed", latencyMs: { mean: meanMs } }]);
  await expectRefusal([...search, "--reference", shared("other.onnx")], {
    code: 2,
    says: /the profile has no latency for other, and it can't be timed here: the profile was made on another machine \(a board/,
  });
});

test("what can't be compared is refused before any long work", async () => {
  await expectRefusal(
    ["search", "--table", "t.npz", "--profile", own.path("profile.json"), "--reference", "x.onnx"],
    {
      says: /t\.npz/,
    },
  );
  await expectRefusal([...smallRun(own.path("none")), "--reference", own.path("missing.onnx")], {
    says: /missing\.onnx/,
  });
});
