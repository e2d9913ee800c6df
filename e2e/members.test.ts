import { join } from "node:path";
import { expect, test } from "vitest";
import { openProject } from "../electron/engine/index.ts";
import { silentJob } from "../shared/base/job.ts";
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

test("a run trains, profiles and keeps a member beside the backbone, and says what each is alone", async () => {
  const out = own.path("run");
  const summary = await offrampJson([...smallRun(out), "--member", shared("fixed.onnx")], summarySchema);
  const [backbone, fixed] = summary.networks!;
  expect([backbone.name, fixed.name]).toEqual(["model", "fixed"]);
  expect(fixed.accuracy).toBeCloseTo((await rightAnswers(shared("fixed.onnx"))) / 240, 12);
  expect(backbone.accuracy).toBeCloseTo((await rightAnswers(shared("model.onnx"))) / 240, 12);
  // Half of the blocks.
  expect(fixed.parameters).toBeLessThan(backbone.parameters);
  expect(fixed.speedup).toBeGreaterThan(1.2);

  const profile = await readJson(join(out, "profile.json"), profileSchema);
  const { members } = await openProject(join(out, "project.offramp"), silentJob);
  expect(members).toHaveLength(1);
  const [{ backbone: network, heads, tables, outputs }] = members;
  expect(network.summary.sha256).toBe(fixed.sha256);
  expect(heads.length).toBe(network.summary.cutPoints.length);
  expect(outputs.at(-1)).toMatchObject({ cutPoint: null, accuracy: fixed.accuracy });
  expect([...tables.calibration.values()].map(({ samples }) => samples)).toEqual([160, 160, 160]);
  expect(profile.members).toMatchObject([{ name: "fixed", graphSha256: network.summary.graphSha256 }]);
  expect(profile.members![0].entry).toBeUndefined();
});

test("a project with members is profiled with them", async () => {
  const profile = own.path("again.json");
  const project = own.path("run", "project.offramp");
  const { code, stdout, stderr } = await offramp([
    "profile",
    project,
    "--profile-seconds",
    "0.6",
    "-o",
    profile,
  ]);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^fixed [\d.]+ ms \(p5 to p95: .* times\), [\d.]+x as fast as the backbone$/m);
  expect((await readJson(profile, profileSchema)).members).toHaveLength(1);
});

test("what can't be a member is refused before any long work", async () => {
  const run = (...more: string[]) => [...smallRun(own.path("refused")), ...more];
  await expectRefusal(run("--member", shared("model.onnx")), {
    code: 2,
    says: /model\.onnx is the same network as model: name each once, as the model or as one member/,
  });
  await expectRefusal(run("--member-preprocess", "cifar"), {
    code: 2,
    says: /--member-preprocess is given more often \(1\) than --member \(0\); give it at most once per member/,
  });
  await expectRefusal(run("--member", own.path("missing.onnx")), { says: /missing\.onnx/ });
  const backboneAlone = own.path("alone.json");
  const alone = ["profile", shared("model.onnx"), "--profile-seconds", "0.3", "-o", backboneAlone];
  expect((await offramp(alone)).code).toBe(0);
  await expectRefusal(run("--member", shared("fixed.onnx"), "--profile", backboneAlone), {
    says: /the profile has no latencies of the member fixed; leave --profile out to measure here/,
  });
});
