import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import { trainOptionsSchema } from "../../../shared/model/stage-options.ts";
import { StageCache } from "../base/cache.ts";
import { gapLinear } from "../heads/gap-linear.ts";
import type { HeadKind } from "../heads/head-kind.ts";
import { encodeModel } from "../onnx/codec.ts";
import { node, value } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import { identifiedProfile } from "../profile/identified-profile.ts";
import type { TrainedProject } from "../project/project.ts";
import { addMember } from "./add-member.ts";
import { type LoadedData, loadData } from "./load-data.ts";
import { importMembers, type MemberModel } from "./member-stage.ts";
import { measureNetworks } from "./profile-networks.ts";
import { createStageRunner } from "./stage-context.ts";
import { blindToBlue, colourFolder, colourNetwork, strongestColour } from "./testing/test-colour-network.ts";
import { trainProject } from "./train-project.ts";

const unit = preprocessSchema.parse({});
const kinds = [{ kind: gapLinear as HeadKind, options: {} }];
const kindsAsked = [{ kind: "gap-linear", options: {} }];
const seconds = 0.3;

/** A project of the backbone alone, its data set, and a network that is to be added. */
async function scene() {
  const folder = await colourFolder();
  const said: string[] = [];
  // Each has a cache of its own, so that nothing is taken from another's work.
  const runner = (cache: string) =>
    createStageRunner(new StageCache(join(folder, cache)), (stage, network) => {
      said.push(network === undefined ? stage : `${network}: ${stage}`);
      return silentJob;
    });
  const backbone = await importProto(colourNetwork(strongestColour));
  const path = join(folder, "small.onnx");
  await writeFile(path, encodeModel(colourNetwork(blindToBlue)));
  const preprocess = preprocessSchema.parse({ resize: [2, 2] });
  const [small] = await importMembers([{ path, preprocess }], backbone, unit, runner("import"));
  const train = async (members: readonly MemberModel[], cache: string) => {
    const trained = await trainProject(backbone, requestFor(folder), runner(cache), members);
    await trained.data.source.close();
    return trained.project;
  };
  const alone = await train([], "alone");
  const data = await reopened(alone);
  onTestFinished(() => data.source.close());
  said.length = 0;
  return { alone, train, small, data, said, runner };
}

function requestFor(folder: string) {
  const training = trainOptionsSchema.parse({ epochs: 2, batchSize: 32, seed: 1 });
  const policies = ["top1-per-class"];
  return { dataPath: join(folder, "data"), preprocess: unit, splits: {}, heads: kinds, training, policies };
}

function reopened({ backbone, data }: TrainedProject): Promise<LoadedData> {
  const { path, splitOptions: splits, classNames } = data;
  return loadData(backbone, { path, preprocess: unit, splits, classes: { stored: classNames } }, silentJob);
}

test("a network that is added is what it would be had it been there from the start", async () => {
  const { alone, train, small, data, said, runner } = await scene();
  const { project, profile } = await addMember(alone, small, data, {}, runner("added"));
  expect(said).toEqual(["small: check", "small: train", "small: calibrate"]);
  expect(profile).toBeUndefined();
  const [[added], [first]] = [project.members, (await train([small], "together")).members];
  expect(added.tables).toEqual(first.tables);
  expect(added.temperatures).toEqual(first.temperatures);
  expect(added.classOffsets).toEqual(first.classOffsets);
  expect(added.outputs).toEqual(first.outputs);
  expect(added.heads.map(({ kind }) => kind)).toEqual(["gap-linear"]);
  expect(project.data.training).toMatchObject({ heads: [{ kind: "gap-linear" }], options: { epochs: 2 } });
  expect(alone.members).toEqual([]);
  const { sha256 } = small.backbone.summary;
  expect(project.runs.map(({ number, heads }) => [number, heads.map(({ network }) => network)])).toEqual([
    [1, [undefined]],
    [2, [sha256]],
  ]);
  const together = (await train([small], "together")).runs[0];
  expect(together.heads).toEqual(project.runs.flatMap(({ heads }) => heads));
  expect(together).toMatchObject({ number: 1, options: { training: { epochs: 2 }, heads: kindsAsked } });
  const [{ correct, samples }] = alone.tables.calibration.values();
  const right = correct.subarray(0, samples).reduce((sum, isRight) => sum + isRight, 0);
  expect(together.heads[0].accuracy).toBe(right / samples);
});

test("it is timed for a profile of this machine, which everything of the target follows", async () => {
  const { alone, small, data, said, runner } = await scene();
  const target = { provider: "cpu", threads: 1 };
  const known = await measureNetworks(alone, { target, seconds }, silentJob);
  const latencyMs = { mean: 1, p50: 1, p95: 1 };
  const reference = { name: "other", sha256: "aa", accuracy: 1, latencyMs, macs: 1, bytes: 1 };
  const right = { calibration: "", test: "" };
  const references = [{ ...reference, right, target: known.id }];
  const kept = { ...alone, profiles: [known], references };
  const adding = { profile: known, profileSeconds: seconds };
  const { project, profile } = await addMember(kept, small, data, adding, runner("timed"));
  expect(profile!.members).toMatchObject([
    { name: "small", graphSha256: small.backbone.summary.graphSha256 },
  ]);
  // The picture is twice as wide and high as the network's, so bringing it there takes time.
  expect(profile!.members![0].entry!.meanMs).toBeGreaterThan(0);
  expect(profile!.backbone).toEqual(known.backbone);
  expect(project.profiles).toEqual([profile]);
  expect(project.references).toMatchObject([{ target: profile!.id, latencyMs }]);

  // Of another machine nothing can be measured here.
  const elsewhere = identifiedProfile({ ...known, target: { ...known.target, device: "a board" } });
  said.length = 0;
  const untimed = await addMember(kept, small, data, { profile: elsewhere }, runner("timed"));
  expect(untimed.profile).toEqual(elsewhere);
  expect(said).toEqual(["small: check", "small: train", "small: calibrate"]);
});

test("a project that doesn't say how it was trained gives a network heads of the kinds that it has", async () => {
  const { alone, small, data, runner } = await scene();
  const { training: _training, ...about } = alone.data;
  const older = { ...alone, data: about };
  const { project } = await addMember(older, small, data, {}, runner("older"));
  expect(project.members[0].heads.map(({ kind }) => kind)).toEqual(["gap-linear"]);
});

test("a project of exits that came with their network has no images to learn from: another network's output is its only exit", async () => {
  const { small, said, runner } = await scene();
  const folder = await colourFolder();
  const backbone = await importProto(withEarlyExit(colourNetwork(strongestColour)));
  const request = { ...requestFor(folder), dataPath: join(folder, "data", "test"), spareReady: true };
  said.length = 0;
  const { project, data } = await trainProject(backbone, request, runner("ready"));
  onTestFinished(() => data.source.close());
  expect(said).toEqual(["load", "check", "calibrate"]);
  expect(project.heads.map(({ kind }) => kind)).toEqual(["early"]);
  expect([data.images.train.count, data.images.calibration.count]).toEqual([0, 150]);
  said.length = 0;
  const { project: grown } = await addMember(project, small, data, {}, runner("ready"));
  expect(said).toEqual(["small: check", "small: calibrate"]);
  const [member] = grown.members;
  expect(member.heads).toEqual([]);
  expect(member.outputs.map(({ head }) => head)).toEqual([null]);
  expect(grown.data.training).toMatchObject({ heads: [{ kind: "gap-linear" }], spareReady: true });
});

/** The same with a classifier of its own behind the first convolution. */
function withEarlyExit(proto: GraphModel): GraphModel {
  const { graph } = proto;
  graph.node.push(
    node("GlobalAveragePool", ["first"], ["early/pooled"]),
    node("Flatten", ["early/pooled"], ["early/means"]),
    node("Gemm", ["early/means", "weights", "biases"], ["early"]),
  );
  graph.output.push(value("early", "float32", ["batch", 3]));
  return proto;
}

test("another data set is refused before anything is trained", async () => {
  const { alone, small, data, said, runner } = await scene();
  const [table] = alone.tables.test.values();
  const other = {
    ...table,
    labels: table.labels!.map((label) => 2 - label),
    samples: data.splits.test.labels.length,
  };
  const changed = { ...alone.tables, test: new Map([["top1", other]]) };
  const stages = runner("changed");
  const project = { ...alone, tables: changed };
  await expect(addMember(project, small, data, {}, stages)).rejects.toMatchObject({
    code: "data-mismatch",
    message: expect.stringMatching(/data gives other test images than the project was made with/),
  });
  const more = { ...table, samples: 400, labels: undefined };
  const larger = { ...alone, tables: { ...changed, test: new Map([["top1", more]]) } };
  await expect(addMember(larger, small, data, {}, stages)).rejects.toMatchObject({
    code: "data-mismatch",
    message: expect.stringMatching(/it gives 150 test images, the project was made with 400; train again/),
  });
  expect(said).toEqual([]);
});
