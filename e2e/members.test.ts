import { readFile } from "node:fs/promises";
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
import { gratings } from "./testing/gratings.ts";
import { exportedAnswers, rightAnswers } from "./testing/right-answers.ts";
import { defaultNetwork, writeSmallNetwork } from "./testing/small-network.ts";
import { imagesPerClass, testImages, trainSeed } from "./testing/workspace.ts";

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
  expect(stdout).toMatch(
    /^fixed [\d.]+ ms ± [\d.]+ ms \(p5 to p95: .* times\), [\d.]+x as fast as the backbone$/m,
  );
  expect((await readJson(profile, profileSchema)).members).toHaveLength(1);
});

test("a plan goes from a small network to the backbone in one file that does what was said of it", async () => {
  const small = own.path("small.onnx");
  const train = gratings(imagesPerClass.train, trainSeed);
  await writeSmallNetwork(small, train, { ...defaultNetwork, blocks: 2, channels: 12, seed: 6 });
  const out = own.path("chain");
  const args = [...smallRun(out), "--member", small, "--max-drop", "0"];
  const summary = await offrampJson(args, summarySchema);
  const [backbone, member] = summary.networks!;
  const { plan } = summary;
  expect(plan.chain).toEqual([member.sha256, backbone.sha256]);
  expect(plan.exits[0].member).toBe(member.sha256);
  expect(summary.decisionAgreement).toBeGreaterThanOrEqual(0.999);
  expect(plan.predictedInterval!.meanMs[0]).toBeLessThan(plan.profiled.latencyMs.mean);
  expect(plan.predictedInterval!.meanMs[1]).toBeGreaterThan(plan.profiled.latencyMs.mean);
  // All samples run the small network, and some go on.
  expect(plan.macs).toBeGreaterThan(member.macs);
  expect(plan.macs).toBeLessThan(member.macs + backbone.macs);
  expect(summary.search.proven).toBe(true);

  // In stock ONNX Runtime, on images that were made here.
  const { right, exits } = await exportedAnswers(join(out, "model.onnx"));
  const count = testImages().labels.length;
  expect(right / count).toBeCloseTo(plan.measured.accuracy, 12);
  const rates = plan.exitRates.measured.map((_, exit) => exits.filter((own) => own === exit).length / count);
  for (const [exit, rate] of rates.entries()) expect(rate).toBeCloseTo(plan.exitRates.measured[exit], 12);

  // Its stages say the same, and the project opens with its chains.
  const project = join(out, "project.offramp");
  const again = ["verify", join(out, "staged"), "--project", project, "--data", shared("data"), "--json"];
  const verified = await offramp(again);
  expect(verified.code, verified.stderr).toBe(0);
  expect(JSON.parse(verified.stdout)).toMatchObject({
    decisionAgreement: 1,
    plan: { accuracy: plan.measured.accuracy },
  });
  const report = await readFile(join(out, "report.html"), "utf8");
  expect(report).toContain("the output of small");
  expect(report).toContain("<h2>Networks</h2>");
  expect(report).toMatch(
    /On new images the drop is at most \S+ pp \(95 %\), and drop ≤ 0\.00 pp is kept with/,
  );
});

test("halves take turns with chains as well, and the project opens again", async () => {
  const out = own.path("turns");
  const args = [...smallRun(out), "--member", own.path("small.onnx"), "--max-drop", "0", "--cross-fit"];
  const { crossFit, plan } = await offrampJson(args, summarySchema);
  expect(crossFit!.halves).toHaveLength(2);
  expect(crossFit!.halves.some(({ chain }) => chain !== undefined)).toBe(true);
  const { plans } = await openProject(join(out, "project.offramp"), silentJob);
  expect(plans[0].chain).toEqual(plan.chain);
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
  await expectRefusal(run("--member", shared("fixed.onnx"), "--time-budget", "5m"), {
    code: 2,
    says: /--time-budget shares the time of one network and can't with --member yet; leave out one of the two/,
  });
  await expectRefusal(run("--member", own.path("missing.onnx")), { says: /missing\.onnx/ });
  const backboneAlone = own.path("alone.json");
  const alone = ["profile", shared("model.onnx"), "--profile-seconds", "0.3", "-o", backboneAlone];
  expect((await offramp(alone)).code).toBe(0);
  await expectRefusal(run("--member", shared("fixed.onnx"), "--profile", backboneAlone), {
    says: /the profile has no latencies of the member fixed; leave --profile out to measure here/,
  });
});
