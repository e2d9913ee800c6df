import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { openProject } from "../electron/engine/index.ts";
import { silentJob } from "../shared/base/job.ts";
import { summarySchema } from "../shared/files/summary.ts";
import { planSchema } from "../shared/model/plan.ts";
import { profileSchema } from "../shared/model/profile.ts";
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
import { classNames, gratings } from "./testing/gratings.ts";
import { exportedAnswers, rightAnswers } from "./testing/right-answers.ts";
import { defaultNetwork, writeSmallNetwork } from "./testing/small-network.ts";
import { imagesPerClass, testImages, trainSeed } from "./testing/workspace.ts";

const own = ownFolder();

/** So small that plans through it are far ahead of those of the backbone alone, on any machine. */
const smallForm = { ...defaultNetwork, blocks: 1, channels: 12, seed: 6 };

beforeAll(async () => {
  const train = gratings(imagesPerClass.train, trainSeed);
  await writeSmallNetwork(own.path("small.onnx"), train, smallForm);
});

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

test("calibration shows members as well, and a reference that is one of them is left to the search", async () => {
  const project = own.path("run", "project.offramp");
  const tables = own.path("tables");
  const { code, stdout, stderr } = await offramp(["calibrate", project, "--tables", tables]);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^model, the backbone\noutput .*\n(.*\n)+\nfixed\noutput .*\n(.*\n)+its output /);
  for (const folder of [tables, join(tables, "member-1")])
    expect(await readdir(folder)).toEqual(
      expect.arrayContaining(["calibration-top1.npz", "test-margin.npz"]),
    );
  const searched = await offramp(["search", project, "--no-compare", "--reference", shared("fixed.onnx")]);
  expect(searched.code, searched.stderr).toBe(0);
  expect(searched.stderr).toMatch(
    /fixed\.onnx is a network that plans go through, alone as well: it is searched/,
  );
  expect(searched.stdout).not.toMatch(/fixed: .* of them right/);
});

test("a plan goes from a small network to the backbone in one file that does what was said of it", async () => {
  const small = own.path("small.onnx");
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
  expect(report).toContain("output of small");
  expect(report).toContain("<h2>Networks</h2>");
  expect(report).toMatch(
    /On new images the drop is at most \S+ pp \(95 %\), and drop ≤ 0\.00 pp is kept with/,
  );
});

/** What a command prints for a person. */
async function printed(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await offramp(args);
  expect(code, stderr).toBe(0);
  return stdout;
}

test("the terminal calls networks by their names, and says who answers how much", async () => {
  const project = own.path("chain", "project.offramp");
  const found = await printed("search", project, "--max-drop", "0");
  expect(found).toMatch(/^goes through small, then model$/m);
  expect(found).toMatch(/^· small answers \d+ % of the inputs, model the rest\.$/m);
  expect(found).toMatch(/^\d +output of small +\w+ >= [\d.]+ +[\d.]+ %$/m);
  expect(found).toMatch(/^- +output of model +[\d.]+ %$/m);

  const flow = await printed("sdf", project);
  expect(flow).toMatch(/^ *2 {2}small: segment 1 +device /m);
  expect(flow).toMatch(/ model: segment \d+ +device /);

  const outputs = await printed("calibrate", project);
  const [backbone, member] = outputs.split("\n\n");
  expect(backbone).toMatch(/^model, the backbone\noutput /);
  expect(member).toMatch(/^small\noutput /);
  for (const table of [backbone, member]) expect(table).toMatch(/^its output +[\d.]+ % /m);

  const files = await printed("export", project, "-o", own.path("files"));
  expect(files).toMatch(/^goes through small, then model: deployable files hold 2 networks/m);
});

test("another network alone is no backbone, wherever it is spoken of", async () => {
  const folder = own.path("chain");
  const project = join(folder, "project.offramp");
  const { chain, ...plan } = await readJson(join(folder, "plan.json"), planSchema);
  const alone = own.path("alone.json");
  await writeFile(alone, JSON.stringify({ ...plan, chain: chain!.slice(0, 1), exits: [] }));
  expect(await printed("sdf", project, "--plan", alone)).toMatch(/^2 {2}small: segment 1 +device /m);
  await printed("export", project, "--plan", alone, "-o", own.path("alone"));
  const model = own.path("alone", "model.onnx");
  const verify = ["verify", model, "--project", project, "--plan", alone, "--data", shared("data")];
  expect(await printed(...verify)).toMatch(/^. The plan has no exits and is small alone: /m);
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

test("a network joins a trained project: its plans are searched, exported and verified", async () => {
  const project = own.path("alone.offramp");
  const trained = await offramp(["train", shared("model.onnx"), ...smallData(), "-o", project]);
  expect(trained.code, trained.stderr).toBe(0);
  const profile = own.path("alone.json");
  const timed = await offramp(["profile", project, "--profile-seconds", "0.5", "-o", profile]);
  expect(timed.code, timed.stderr).toBe(0);
  const out = own.path("joined");
  const search = ["search", project, "--profile", profile, "--no-compare", "--max-drop", "0"];
  const joined = [...search, "--member", own.path("small.onnx"), "--profile-seconds", "0.5", "-o", out];
  const { code, stdout, stderr } = await offramp(joined);
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/^small: train done/m);
  expect(stdout).toMatch(/^goes through small, then model$/m);
  expect(stdout).toContain(`wrote ${join(out, "project.offramp")}, the project with all networks`);

  const grown = await openProject(join(out, "project.offramp"), silentJob);
  const [member] = grown.members;
  const alone = (await rightAnswers(own.path("small.onnx"))) / 240;
  expect(member.outputs.at(-1)!.accuracy).toBeCloseTo(alone, 12);
  expect(grown.front!.profile).toBe(grown.profiles.at(-1)!.id);
  expect(grown.plans[0].exits.some((exit) => exit.member === member.backbone.summary.sha256)).toBe(true);
  // The project that was searched is as it was.
  expect((await openProject(project, silentJob)).members).toEqual([]);

  const files = own.path("joined-files");
  const plan = ["--plan", join(out, "plan.json")];
  const exported = await offramp(["export", join(out, "project.offramp"), ...plan, "-o", files]);
  expect(exported.code, exported.stderr).toBe(0);
  const verify = ["verify", join(files, "model.onnx"), "--project", join(out, "project.offramp"), ...plan];
  const verified = await offramp([...verify, "--data", shared("data"), "--json"]);
  expect(verified.code, verified.stderr).toBe(0);
  expect(JSON.parse(verified.stdout)).toMatchObject({ decisionAgreement: 1 });

  await expectRefusal(
    ["search", join(out, "project.offramp"), "--member", own.path("small.onnx"), "-o", own.path("twice")],
    { code: 2, says: /small\.onnx is the same network as small/ },
  );
  const elsewhere = JSON.parse(await readFile(profile, "utf8"));
  elsewhere.target.device = "a board";
  const board = await own.write("board.json", JSON.stringify(elsewhere));
  await expectRefusal(["search", project, "--profile", board, "--member", own.path("small.onnx")], {
    code: 2,
    says: /the profile has no latencies of small, and it can't be timed here: the profile was made on another machine/,
  });
});

test("a member's classes are put into the data's order by a list", async () => {
  // Its scores by the spelling of classes that are sorted otherwise in the data.
  const turned = own.path("turned.onnx");
  const order = [...classNames].reverse();
  const images = gratings(imagesPerClass.train, trainSeed);
  const labels = images.labels.map((label) => order.indexOf(classNames[label]));
  await writeSmallNetwork(turned, { ...images, labels }, smallForm);
  const train = (list: string, out: string) => [
    ...["train", shared("model.onnx"), ...smallData(), "--member", turned],
    ...["--member-classes", list, "-o", own.path(out)],
  ];
  const list = await own.write("turned.txt", order.join("\n"));
  const { code, stderr } = await offramp(train(list, "turned.offramp"));
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/turned has its classes in another order than the data \(.*turned\.txt\)/);
  const { members } = await openProject(own.path("turned.offramp"), silentJob);
  const alone = (await rightAnswers(own.path("small.onnx"))) / 240;
  // The same network but for the order of its scores.
  expect(members[0].outputs.at(-1)!.accuracy).toBeCloseTo(alone, 12);

  // Without it, what the network answers says which order to list.
  const unlisted = await offramp(train("same", "unlisted.offramp"));
  expect(unlisted.stderr).toMatch(
    /turned is right on .*, which is worse than guessing \(25\.0 %\); with classes in the order/,
  );
  expect(unlisted.stderr).toContain(
    `--member-classes with a file that lists ${order.join(", ")}, one a line`,
  );
  const wrong = await own.write("wrong.txt", "a\nb\nc\nd\n");
  await expectRefusal(train(wrong, "wrong.offramp"), {
    says: /wrong\.txt is no list of the classes of turned: the class "diagonal" isn't among a, b, c, d; list diagonal, /,
  });
  await expectRefusal([...train(list, "many.offramp"), "--member-classes", list], {
    code: 2,
    says: /--member-classes is given more often \(2\) than --member \(1\)/,
  });
});

test("a time budget is shared among the networks", async () => {
  const out = own.path("hurried");
  const args = [...smallRun(out), "--member", own.path("small.onnx"), "--max-drop", "0"];
  const summary = await offrampJson(
    [...args, "--time-budget", "10s", "--verify-seconds", "3"],
    summarySchema,
  );
  const { timeBudget, data, verification, networks } = summary;
  expect(networks).toHaveLength(2);
  const settled = new Map(timeBudget!.settled.map(({ what, took }) => [what, took]));
  expect(data.samples.train).toBe(settled.get("train images") ?? 400);
  expect(data.samples.calibration).toBe(settled.get("calibration images") ?? 160);
  expect(verification!.available).toBe(settled.get("test images") ?? 240);
  const { heads, members } = await openProject(join(out, "project.offramp"), silentJob);
  const [member] = members;
  const all = [heads, member.heads].map((own) => own.length).reduce((sum, count) => sum + count);
  expect(all).toBe(settled.get("cut points") ?? 8);
  for (const split of ["calibration", "test"] as const)
    expect(member.tables[split].get("top1")!.samples).toBe(
      { calibration: data.samples.calibration, test: verification!.available }[split],
    );
});

test("what can't be a member is refused before any long work", async () => {
  const run = (...more: string[]) => [...smallRun(own.path("refused")), ...more];
  await expectRefusal(run("--member", shared("model.onnx")), {
    code: 2,
    says: /model\.onnx is the same network as model: a network takes part once, as the model or as one member/,
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
