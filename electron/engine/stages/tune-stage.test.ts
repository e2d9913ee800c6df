import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import { trainOptionsSchema } from "../../../shared/model/stage-options.ts";
import { tuneOptionsSchema } from "../../../shared/model/tune-options.ts";
import { StageCache } from "../base/cache.ts";
import { gapLinear } from "../heads/gap-linear.ts";
import type { HeadKind } from "../heads/head-kind.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import type { TrainedProject } from "../project/project.ts";
import { tuneFiles } from "../tune/write-folder.ts";
import { type LoadedData, loadData } from "./load-data.ts";
import { createStageRunner } from "./stage-context.ts";
import { colourFolder, colourNetwork, strongestColour } from "./testing/test-colour-network.ts";
import { arraysOf, type Change, doubled, writeResults } from "./testing/training-results.ts";
import { trainProject } from "./train-project.ts";
import { type TuneRequest, takeTuning, writeTuning } from "./tune-stage.ts";

const unit = preprocessSchema.parse({});

/** A project of one small network with heads, its data set, and where its training goes. */
async function scene() {
  const folder = await colourFolder();
  const warnings: string[] = [];
  const said: string[] = [];
  const stages = createStageRunner(new StageCache(join(folder, "cache")), (stage, network) => {
    said.push(network === undefined ? stage : `${network}: ${stage}`);
    return { ...silentJob, warn: (text) => void warnings.push(text) };
  });
  const backbone = await importProto(colourNetwork(strongestColour));
  const training = trainOptionsSchema.parse({ epochs: 2, batchSize: 32, seed: 1 });
  const heads = [{ kind: gapLinear as HeadKind, options: {} }];
  // Heads learn from 15 images at most.
  const splits = { trainLimit: 15 };
  const request = { dataPath: join(folder, "data"), preprocess: unit, splits, heads, training };
  const { project, data } = await trainProject(backbone, request, stages);
  onTestFinished(() => data.source.close());
  said.length = 0;
  return { project, data, stages, said, warnings, request: requestFor(join(folder, "training")) };
}

function requestFor(folder: string): TuneRequest {
  return { folder, options: tuneOptionsSchema.parse({ epochs: 2 }) };
}

test("a folder holds all that a training needs, of all images that may be learnt from", async () => {
  const { project, data, stages, said, request } = await scene();
  const written = await writeTuning(project, data, request, stages);
  expect(written).toMatchObject({ folder: request.folder, name: "net", images: 90 });
  expect(written.exits.map(({ kind }) => kind)).toEqual(written.exits.map(() => "gap-linear"));
  expect(said).toEqual(["net: write"]);
  expect((await readdir(request.folder)).sort()).toEqual(
    [
      ...["README.txt", "images", "lines.json", "network.py", "recipe.json", "reference.npz"],
      ...tuneFiles.modules,
      ...["train.py", "weights.npz"],
    ].sort(),
  );
  const recipe = JSON.parse(await readFile(join(request.folder, "recipe.json"), "utf8"));
  const [{ cutPoint }] = written.exits;
  expect(recipe).toMatchObject({
    epochs: 2,
    layout: "NCHW",
    mean: [0],
    standardDeviation: [1],
    made: { network: project.backbone.summary.sha256, exits: [{ cutPoint, head: "gap-linear" }] },
  });
  const [table] = project.tables.calibration.values();
  const right = table.correct.slice(-table.samples).reduce((sum, one) => sum + one, 0);
  expect(recipe.accuracyOnNewImages).toBe(right / table.samples);
  expect(recipe.scale).toBeCloseTo(1 / 255, 12);
  const { images, "logits-1": logits } = await arraysOf(join(request.folder, "reference.npz"));
  expect([images.shape, images.data.constructor]).toEqual([[64, 3, 4, 4], Uint8Array]);
  // Its colours are 200 and 20, and the network answers their means.
  expect(logits.shape).toEqual([64, 3]);
  for (const value of logits.data)
    expect([200 / 255, 20 / 255].some((mean) => Math.abs(mean - Number(value)) < 1e-5));
  expect(Math.max(...Array.from(logits.data, Number))).toBeCloseTo(200 / 255, 5);
});

test("the same training goes on where it was begun, another one doesn't touch it", async () => {
  const { project, data, stages, request } = await scene();
  await writeTuning(project, data, request, stages);
  const before = await readFile(join(request.folder, "weights.npz"));
  await rm(join(request.folder, "weights.npz"));
  await writeTuning(project, data, request, stages);
  expect(await readFile(join(request.folder, "weights.npz"))).toEqual(before);
  const other = { ...request, options: { ...request.options, learningRate: 0.5 } };
  await expect(writeTuning(project, data, other, stages)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/holds another training \(other learning rate\)/),
  });
  await expect(writeTuning(project, data, { ...request, trainLimit: 30 }, stages)).rejects.toThrow(
    "holds another training (other images)",
  );
});

test("what was learnt of some of the images alone is compared on these", async () => {
  const { project, data, stages, warnings, request } = await scene();
  await writeTuning(project, data, { ...request, trainLimit: 30 }, stages);
  const { "logits-0": exit, ...reference } = await arraysOf(join(request.folder, "reference.npz"));
  expect(exit.shape).toEqual([30, 3]);
  const logits = Object.entries(reference).filter(([name]) => name.startsWith("logits-"));
  // Other weights, whose answers are the same to 1e-3.
  const nudged: Change = (values) => values.map((value) => value * (1 + 1e-5));
  await writeResults(request.folder, nudged, { "logits-0": exit, ...Object.fromEntries(logits) });
  const { project: tuned } = await takeTuning(project, data, request, stages);
  expect(tuned.members).toHaveLength(1);
  expect(warnings).toEqual([]);
});

test("what was learnt joins the project beside the network that it was learnt from", async () => {
  const { project, data, stages, said, warnings, request } = await scene();
  await writeTuning(project, data, request, stages);
  await writeResults(request.folder, doubled);
  said.length = 0;
  const { project: tuned, ...names } = await takeTuning(project, data, request, stages);
  expect(said).toEqual(["net: take", "net tuned: calibrate"]);
  expect(warnings).toEqual([expect.stringContaining("tuned.npz has none of train.py's logits")]);
  expect(tuned.backbone).toBe(project.backbone);
  const [member] = tuned.members;
  const { summary } = member.backbone;
  const from = project.backbone.summary.sha256;
  expect(names).toEqual({ tuned: summary.sha256, from, before: project.outputs });
  expect(member.tunedFrom).toBe(project.backbone.summary.sha256);
  expect([summary.name, summary.graphSha256]).toEqual(["net tuned", project.backbone.summary.graphSha256]);
  expect(summary.sha256).not.toBe(project.backbone.summary.sha256);
  expect(member.heads).toHaveLength(project.heads.length);
  // Three layers of doubled weights without biases answer the same, eight times as loudly.
  const [before, after] = [tuned, member].map(({ tables }) => [...tables.test.values()][0]);
  const last = member.heads.length * after.samples;
  expect(after.predicted!.subarray(last)).toEqual(before.predicted!.subarray(last));
  expect(after.labels).toEqual(before.labels);

  // A second one takes its place.
  await writeResults(request.folder, (values) => values.map((value) => 3 * value));
  const again = await takeTuning(tuned, data, request, stages);
  expect(again.project.members).toHaveLength(1);
  expect(again.tuned).not.toBe(names.tuned);
});

test("a tuned network can be tuned again, and stays one of the same family", async () => {
  const { project, data, stages, request } = await scene();
  await writeTuning(project, data, request, stages);
  await writeResults(request.folder, doubled);
  const first = await takeTuning(project, data, request, stages);
  const second = { ...request, folder: `${request.folder}-2`, network: first.tuned };
  const written = await writeTuning(first.project, data, second, stages);
  expect(written.name).toBe("net tuned");
  // The backbone sees the same images, so it teaches.
  expect(await readdir(second.folder)).toEqual(expect.arrayContaining(["teacher.py", "teacher.npz"]));
  await writeResults(second.folder, doubled);
  const { project: twice, before } = await takeTuning(first.project, data, second, stages);
  expect(before).toEqual(first.project.members[0].outputs);
  expect(twice.members.map(({ tunedFrom, backbone }) => [tunedFrom, backbone.summary.name])).toEqual([
    [project.backbone.summary.sha256, "net tuned"],
  ]);
});

const nan: Change = (values) => values.fill(Number.NaN, 0, 1);

test("results that aren't of this project, or no network, are refused in one line", async () => {
  const { project, data, stages, request } = await scene();
  await writeTuning(project, data, request, stages);
  const { folder } = request;
  const taking = (own: TrainedProject = project) => takeTuning(own, data, request, stages);
  await expect(taking()).rejects.toMatchObject({
    code: "file-not-found",
    message: expect.stringMatching(/has no tuned\.npz: nothing was trained there yet/),
  });
  await writeFile(join(folder, "tuned.npz"), "not a zip archive");
  await expect(taking()).rejects.toMatchObject({ code: "data-invalid" });
  await writeResults(folder, nan);
  await expect(taking()).rejects.toMatchObject({
    code: "file-invalid",
    message: expect.stringMatching(/aren't finite: training went astray/),
  });
  await writeResults(folder, (values) => values);
  await expect(taking()).rejects.toMatchObject({
    code: "training-failed",
    message: expect.stringMatching(/nothing was learnt$/),
  });
  await writeResults(folder, (values) => values.fill(1e30));
  await expect(taking()).rejects.toMatchObject({
    code: "training-failed",
    message: expect.stringMatching(/^what was trained of net can't be used: /),
  });
  const shape = { shape: [1], data: Float32Array.of(1) };
  const [first] = Object.keys(await arraysOf(join(folder, "weights.npz")));
  await writeResults(folder, doubled, { [first]: shape });
  await expect(taking()).rejects.toMatchObject({
    code: "file-invalid",
    message: expect.stringMatching(/is \[1\], expected/),
  });

  await writeResults(folder, doubled);
  await expect(taking({ ...project, heads: project.heads.slice(1) })).rejects.toMatchObject({
    code: "file-invalid",
    message: expect.stringMatching(
      /was written for an exit at '.*' that the project hasn't got; take the project/,
    ),
  });
});

test("a folder that names an exit twice, or a head that has changed, is refused", async () => {
  const { project, data, stages, request } = await scene();
  await writeTuning(project, data, request, stages);
  await writeResults(request.folder, doubled);
  const path = join(request.folder, "recipe.json");
  const recipe = JSON.parse(await readFile(path, "utf8"));
  const [exit] = recipe.made.exits;
  const taken = async (made: Record<string, unknown>) => {
    await writeFile(path, JSON.stringify({ ...recipe, made: { ...recipe.made, ...made } }));
    return takeTuning(project, data, request, stages);
  };
  const refused = (message: RegExp) => ({ code: "file-invalid", message: expect.stringMatching(message) });
  await expect(taken({ exits: [exit, exit] })).rejects.toMatchObject(
    refused(/two exits at '.*' that no project has/),
  );
  await expect(taken({ exits: [{ ...exit, key: "00" }] })).rejects.toMatchObject(
    refused(
      /a head at '.*' that has been trained again meanwhile; take the project that it was written from$/,
    ),
  );
  await expect(taken({ network: "00" })).rejects.toMatchObject(
    refused(/a network that isn't in the project/),
  );
});

test("ONNX Runtime has to compute what train.py did", async () => {
  const { project, data, stages, warnings, request } = await scene();
  await writeTuning(project, data, request, stages);
  const { folder } = request;
  const reference = await arraysOf(join(folder, "reference.npz"));
  const logits = Object.keys(reference).filter((name) => name.startsWith("logits-"));
  const shifted = (by: number) =>
    Object.fromEntries(
      logits.map((name) => {
        const { shape, data: values } = reference[name];
        return [name, { shape, data: Float32Array.from(values as Float32Array, (value) => value + by) }];
      }),
    );
  // Biases of the network's own output alone are changed, by 0.5.
  const change: Change = (values, name) =>
    /^biases|bias$/.test(name) && isOwn(name) ? values.map((value) => value + 0.5) : values;
  const isOwn = (name: string) => !name.startsWith("exit");
  const own = logits.at(-1)!;
  await writeResults(folder, change, { ...shifted(0), [own]: shifted(0.5)[own] });
  await takeTuning(project, data, request, stages);
  expect(warnings).toEqual([]);
  await writeResults(folder, change, shifted(0));
  await expect(takeTuning(project, data, request, stages)).rejects.toMatchObject({
    code: "training-failed",
    message: expect.stringMatching(
      /with the trained weights the output 'logits' is .*e-1 off in ONNX Runtime, at most 0\.001/,
    ),
  });
});

test("another data set is refused before anything is written", async () => {
  const { project, data, stages, request } = await scene();
  const { path, splitOptions, classNames } = project.data;
  const other = { ...splitOptions, seed: 9, testLimit: 20 };
  const changed: LoadedData = await loadData(
    project.backbone,
    { path, preprocess: unit, splits: other, classes: { stored: classNames } },
    silentJob,
  );
  onTestFinished(() => changed.source.close());
  await expect(writeTuning(project, changed, request, stages)).rejects.toMatchObject({
    code: "data-mismatch",
  });
  await expect(readdir(request.folder)).rejects.toMatchObject({ code: "ENOENT" });
  await expect(writeTuning(project, data, { ...request, network: "ab" }, stages)).rejects.toThrow(
    "that network is not in the project",
  );
});
