import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import { trainOptionsSchema } from "../../../shared/model/stage-options.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { StageCache } from "../base/cache.ts";
import { gapLinear } from "../heads/gap-linear.ts";
import type { HeadKind } from "../heads/head-kind.ts";
import { encodeModel } from "../onnx/codec.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import { checkSameSamples, importMembers } from "./member-stage.ts";
import { createStageRunner } from "./stage-context.ts";
import {
  blindToBlue,
  brightness,
  type ColourClassifier,
  colourFolder,
  colourNetwork,
  strongestColour,
} from "./testing/test-colour-network.ts";
import { trainProject } from "./train-project.ts";

const unit = preprocessSchema.parse({});

function runnerIn(cacheFolder: string) {
  const said: string[] = [];
  const runner = createStageRunner(new StageCache(cacheFolder), (stage, network) => {
    said.push(network === undefined ? stage : `${network}: ${stage}`);
    return silentJob;
  });
  return { said, runner };
}

async function modelFile(folder: string, name: string, form: ColourClassifier): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, encodeModel(colourNetwork(form)));
  return path;
}

test("a member of another size and scale is asked the same samples, and is as right as it is", async () => {
  const folder = await colourFolder();
  const backbone = await importProto(colourNetwork(strongestColour));
  const path = await modelFile(folder, "small.onnx", blindToBlue);
  const { said, runner } = runnerIn(join(folder, "cache"));
  const preprocess = preprocessSchema.parse({ resize: [2, 2], mean: [0.25], standardDeviation: [0.5] });
  const members = await importMembers([{ path, preprocess }], backbone, unit, runner);
  const request = {
    dataPath: join(folder, "data"),
    preprocess: unit,
    splits: {},
    heads: [{ kind: gapLinear as HeadKind, options: {} }],
    training: trainOptionsSchema.parse({ epochs: 1, batchSize: 32, seed: 1 }),
    policies: ["top1-per-class"],
  };
  const { project, data } = await trainProject(backbone, request, runner, members);
  await data.source.close();

  const [member] = project.members;
  expect(member.preprocess).toEqual(preprocess);
  expect(member.heads.map(({ cutPoint }) => cutPoint)).toEqual(
    member.backbone.summary.cutPoints.map(({ tensor }) => tensor),
  );
  expect(member.classOffsets.get("top1-per-class")).toHaveLength(member.heads.length);
  let blue = 0;
  for (const split of ["calibration", "test"] as const) {
    const [own, backbones] = [member, project].map(({ tables }) => tables[split].get("top1")!);
    expect(own.labels).toEqual(backbones.labels);
    expect([...project.tables[split].keys()]).toEqual([...member.tables[split].keys()]);
    const last = own.exits * own.samples;
    for (let sample = 0; sample < own.samples; sample++) {
      const label = own.labels![sample];
      if (label === 2) blue++;
      expect(own.predicted![last + sample]).toBe([0, 1, 0][label]);
    }
  }
  const samples = [...project.tables.calibration.values()][0].samples;
  expect(samples + [...project.tables.test.values()][0].samples).toBe(299);
  expect(blue).toBe(100);
  expect(said).toEqual([
    "import",
    "load",
    "check",
    "small: check",
    "train",
    "small: train",
    "calibrate",
    "small: calibrate",
  ]);

  // All of it comes from the cache the second time, with the same outcome.
  const kept = await readdir(join(folder, "cache"));
  const again = await trainProject(backbone, request, runner, members);
  await again.data.source.close();
  expect(again.project.members[0].tables).toEqual(member.tables);
  expect(await readdir(join(folder, "cache"))).toEqual(kept);
});

test("by default its images are made as the backbone's, at its own size", async () => {
  const folder = await temporaryFolder();
  const backbone = await importProto(colourNetwork(strongestColour));
  const path = await modelFile(folder, "small.onnx", blindToBlue);
  const { runner } = runnerIn(join(folder, "cache"));
  const cropped = preprocessSchema.parse({ resize: 6, centreCrop: 4, mean: [0.5] });
  const [member] = await importMembers([{ path }], backbone, cropped, runner);
  // Half the size of the crop out of half the size of the picture.
  expect(member.preprocess).toEqual({ ...cropped, resize: 3, centreCrop: [2, 2] });
});

test("networks that can't be members are refused by name", async () => {
  const folder = await temporaryFolder();
  const backbone = await importProto(colourNetwork(strongestColour));
  const { runner } = runnerIn(join(folder, "cache"));
  const small = await modelFile(folder, "small.onnx", blindToBlue);
  const same = await modelFile(folder, "same.onnx", strongestColour);
  const two = await modelFile(folder, "two.onnx", brightness);
  const refused = (...paths: string[]) =>
    importMembers(
      paths.map((path) => ({ path })),
      backbone,
      unit,
      runner,
    );
  await expect(refused(two)).rejects.toMatchObject({
    code: "data-mismatch",
    message: "two tells 2 classes apart, the project's model 3; give a model for the same classes",
  });
  await expect(refused(same)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("same.onnx is the same network as"),
  });
  await expect(refused(small, small)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("small.onnx is the same network as small:"),
  });
  await expect(refused(small, small, small)).rejects.toMatchObject({
    code: "usage",
    message: "3 members: a plan goes through at most 2 networks beside the backbone; leave out the others",
  });
});

test("tables of other samples are noticed", async () => {
  const backbone = await importProto(colourNetwork(strongestColour));
  const model = (labels: number[]) => {
    const samples = labels.length;
    const table = {
      exits: 0,
      samples,
      confidence: new Float32Array(samples),
      correct: new Uint8Array(samples),
      labels: Int32Array.from(labels),
    };
    const tables = { calibration: new Map([["top1", table]]), test: new Map([["top1", table]]) };
    return { backbone, heads: [], temperatures: [1], classOffsets: new Map(), tables, outputs: [] };
  };
  expect(() => checkSameSamples(model([0, 1, 2]), model([0, 1, 2]))).not.toThrow();
  for (const other of [
    [0, 2, 1],
    [0, 1],
  ])
    expect(() => checkSameSamples(model(other), model([0, 1, 2]))).toThrow(
      "the data set has changed meanwhile",
    );
});
