import { readdir, stat, symlink, writeFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { encodeNpy } from "../electron/engine/base/npy.ts";
import { openProject, openTable } from "../electron/engine/index.ts";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { outputQualitySchema } from "../shared/files/summary.ts";
import { type Plan, planSchema } from "../shared/model/plan.ts";
import {
  expectRefusal,
  finishedRun,
  nodeModules,
  offramp,
  offrampJson,
  ownFolder,
  readJson,
  shared,
  startProgram,
} from "./testing/command-line.ts";
import { imageChannels, imageSize, modelInput } from "./testing/gratings.ts";
import { testImages } from "./testing/workspace.ts";

const policy = "top1-per-class";
const answerSchema = z.object({ class: z.number(), exit: z.number() });

/** A project that was made without thresholds per class; they are asked for afterwards. */
let project: string;
let plan: Plan;
const { path } = ownFolder();

beforeAll(async () => {
  ({ project } = await finishedRun());
  const search = ["search", project, "--policy", policy, "--max-drop", "10", "--no-compare"];
  const front = await offrampJson([...search, "-o", path("found")], frontFileSchema);
  plan = await readJson(path("found/plan.json"), planSchema);
  expect(front.searches[0].proven).toBe(true);
  expect(plan.exits.length).toBeGreaterThan(0);
});

test("search finds plans with thresholds per class, and states the threshold of every class", () => {
  for (const { policy: own, threshold, classThresholds } of plan.exits) {
    expect(own).toBe(policy);
    expect(classThresholds).toHaveLength(4);
    // No class is drawn to one side alone: what one leaves earlier than the threshold, another leaves later.
    if (threshold <= 0) continue;
    expect(Math.min(...classThresholds!)).toBeLessThanOrEqual(threshold);
    expect(Math.max(...classThresholds!)).toBeGreaterThanOrEqual(threshold);
  }
});

test("both exports decide as the table says, and each leaving sample reaches its class's threshold", async () => {
  const options = ["--plan", path("found/plan.json")];
  const made = await offramp(["export", project, ...options, "-o", path("made")]);
  expect(made.code, made.stderr).toBe(0);
  expect(await readJson(path("made/plan.json"), planSchema)).toEqual(plan);
  const schema = z.object({ decisionAgreement: z.number() });
  for (const target of ["made/model.onnx", "made/staged"]) {
    const verify = ["verify", path(target), "--project", project, ...options, "--data", shared("data")];
    expect((await offrampJson(verify, schema)).decisionAgreement, target).toBe(1);
  }
});

test("the runner leaves where the stated thresholds say, by plain confidences and answers", async () => {
  const images = testImages();
  const count = images.labels.length;
  const shape = [count, imageChannels, imageSize, imageSize];
  await writeFile(path("images.npy"), encodeNpy({ shape, data: modelInput(images) }));
  await symlink(nodeModules, path("node_modules"));
  const run = await startProgram("node", ["made/staged/run.mjs", "images.npy"], { cwd: path() }).finished;
  expect(run.code, run.stderr).toBe(0);
  const answers = run.stdout
    .trimEnd()
    .split("\n")
    .map((line) => answerSchema.parse(JSON.parse(line)));
  const { tables, heads } = await openProject(project);
  const { confidence, predicted, samples } = tables.test.get("top1")!;
  expect(samples).toBe(count);
  const rows = plan.exits.map(({ cutPoint }) => heads.findIndex((head) => head.cutPoint === cutPoint));
  const expected = Array.from({ length: samples }, (_, sample) => {
    const at = (exit: number) => (rows[exit] ?? heads.length) * samples + sample;
    const taken = plan.exits.findIndex(
      ({ classThresholds }, exit) => confidence[at(exit)] >= classThresholds![predicted![at(exit)]],
    );
    const exit = taken < 0 ? plan.exits.length : taken;
    return { class: predicted![at(exit)], exit };
  });
  // The table and the images are in different orders.
  const sorted = (all: typeof expected) => all.map((own) => `${own.class} at ${own.exit}`).sort();
  expect(sorted(answers)).toEqual(sorted(expected));
});

test("calibrate adds a policy to a project on request, for next to nothing", async () => {
  const schema = z.object({ outputs: z.array(outputQualitySchema) });
  const args = [
    "calibrate",
    project,
    "--policy",
    policy,
    "-o",
    path("added.offramp"),
    "--tables",
    path("tables"),
  ];
  const { outputs } = await offrampJson(args, schema);
  for (const { failurePredictionAuroc } of outputs)
    expect(Object.keys(failurePredictionAuroc)).toEqual(["top1", "entropy", "margin", policy]);
  expect(await readdir(path("tables"))).toContain(`test-${policy}.npz`);
  const written = await openTable(path(`tables/test-${policy}.npz`));
  const added = await openProject(path("added.offramp"));
  expect(added.tables.test.get(policy)).toEqual(written);
  expect(added.classOffsets.get(policy)!.some((offsets) => offsets.some((offset) => offset !== 0))).toBe(
    true,
  );
  expect((await stat(path("added.offramp"))).size - (await stat(project)).size).toBeLessThan(4000);
});

test("a plan of another calibration is refused", async () => {
  const exits = plan.exits.map((exit) => ({
    ...exit,
    classThresholds: exit.classThresholds!.map((threshold) => 0.99 * threshold + 0.001),
  }));
  await writeFile(path("other.json"), JSON.stringify({ ...plan, exits }));
  await expectRefusal(["export", project, "--plan", path("other.json"), "-o", path("other")], {
    says: /thresholds per class at '\w+' are not those of this project's calibration; .* `offramp search`/,
  });
});
