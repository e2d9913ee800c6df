import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { silentJob } from "../../../../shared/base/job.ts";
import { planFile } from "../../../../shared/files/plan-file.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { StageCache } from "../../base/cache.ts";
import { memorySplit } from "../../dataset/testing/memory-split.ts";
import { singleFile } from "../../export/single-file.ts";
import { doneHere } from "../../jobs/here.ts";
import type { JobFiles } from "../../jobs/job-kind.ts";
import { openPackedImages, packImages } from "../../jobs/packed-images.ts";
import { packingRunner } from "../../jobs/testing/packing-runner.ts";
import { importProto } from "../../onnx/testing/test-backbone.ts";
import { residualNet } from "../../onnx/testing/test-graphs.ts";
import { newProject } from "../../project/project.ts";
import { testImagesOf } from "../../stages/load-data.ts";
import { colourChain } from "../../stages/testing/colour-chain.ts";
import { expectedOf } from "../../stages/verify-stage.ts";
import { verifyKind } from "./verify-kind.ts";

const input = {
  name: "x",
  type: "float32",
  channels: 1,
  height: 1,
  width: 2,
  layout: "NCHW",
  dynamicBatch: true,
} as const;
const images = [1, 2, 3, 4, 5].map((value) => Float32Array.of(value, -value));
/** The second can't be read, so place 1 is the third's. */
const split = memorySplit({ images, labels: [0, 1, 2, 0, 1], unreadable: [1] });

it("images travel as they are read, without those that can't be, and come back in the same batches", async () => {
  const packed = await packImages(split, input, Int32Array.of(0, 1, 3), () => Promise.resolve());
  expect([...packed.labels]).toEqual([0, 2, 1]);
  const path = join(await temporaryFolder({ images: packed.images }), "images");
  const opened = await openPackedImages(path, input, packed.labels);
  const batches = [];
  for await (const { images: values, labels } of opened.batches(2))
    batches.push([[...values.subarray(0, 2 * labels.length)], [...labels]]);
  expect(batches).toEqual([
    [
      [1, -1, 3, -3],
      [0, 2],
    ],
    [[5, -5], [1]],
  ]);
});

it("images that aren't there or are cut short are refused", async () => {
  await expect(packImages(split, input, Int32Array.of(4), () => Promise.resolve())).rejects.toMatchObject({
    code: "shape-mismatch",
  });
  const path = join(await temporaryFolder(), "images");
  await writeFile(path, new Uint8Array(23));
  await expect(openPackedImages(path, input, Int32Array.of(0, 1, 2))).rejects.toThrow(
    /take 23 bytes, expected 25/,
  );
});

it.each([
  {
    title: "is made there of the decoded one",
    side: 2,
    preprocess: { resize: [2, 2] },
    files: ["decoded-1.bin"],
  },
  {
    title: "is sent where operators make it",
    side: 4,
    preprocess: { mean: [0.25] },
    files: ["images-1.bin"],
  },
])("a member's image $title, and decisions are those of this machine", async (own) => {
  const { project, data, plan, file } = await colourChain(own.side, own.preprocess, singleFile);
  const used = { project, plan };
  const asked = {
    ...{ project, path: file, test: data.images.test },
    ...{ testOf: testImagesOf(data), expected: expectedOf(used) },
  };
  const how = { plan, target: { provider: "cpu", threads: 1 }, seconds: 20 };
  const packed = Object.keys(await verifyKind.pack(asked, how));
  expect(packed.filter((name) => name.endsWith("-1.bin"))).toEqual(own.files);
  const context = { cache: new StageCache(await temporaryFolder()), job: silentJob };
  const here = await doneHere.run(verifyKind, asked, how, context);
  const there = await packingRunner(1).run(verifyKind, asked, how, context);
  expect(there.value.places.length).toBe(150);
  const decided = ({ places, labels, backbone, plan: ran }: typeof here.value) => [
    places,
    labels,
    backbone.predicted,
    ran.predicted,
    ran.exits,
  ];
  expect(decided(there.value)).toEqual(decided(here.value));
});

it("a job without the decoded images that a network needs is refused where it is opened", async () => {
  const { project, data, plan, file } = await colourChain(2, { resize: [2, 2] }, singleFile);
  const asked = {
    ...{ project, path: file, test: data.images.test },
    ...{ testOf: testImagesOf(data), expected: expectedOf({ project, plan }) },
  };
  const { "decoded-1.bin": images, ...rest } = (await verifyKind.pack(asked, {
    ...options,
    plan,
  })) as JobFiles;
  const open = async (files: JobFiles) => {
    const folder = await temporaryFolder(files);
    const context = { cache: new StageCache(await temporaryFolder()), job: silentJob };
    return verifyKind.open(folder, { ...options, plan }, context);
  };
  expect((await open({ ...rest, "decoded-1.bin": images })).test.count).toBe(150);
  await expect(open(rest)).rejects.toMatchObject({ code: "file-not-found" });
  const damaged = { ...rest, "decoded-1.bin": images.subarray(0, images.length - 1) };
  await expect(open(damaged)).rejects.toMatchObject({ code: "file-invalid" });
});

const backbone = await importProto(residualNet(2));
const plan = planFile(backbone.summary.sha256, { exits: [] });
const options = { plan, target: { provider: "cpu", threads: 1 }, seconds: 1 };
const subject = {
  project: newProject(backbone),
  path: "",
  test: split,
  expected: { exit: new Uint8Array(4), predicted: undefined, labels: Int32Array.of(0, 2, 0, 1) },
};
const energy = { ms: 3, wallMs: 1, atMs: 0, round: 0 };
const runs = {
  places: [0, 3],
  labels: [0, 1],
  turnSamples: 2,
  backbone: { times: [1, 2], predicted: [0, 1] },
  plan: { times: [1, 1], predicted: [0, 0], exits: [0, 0] },
  energySensor: { name: "a sensor" },
  energies: { backbone: [energy], exits: [{ exit: 0, energies: [energy] }] },
};
const { classes } = backbone.summary.output;

it.each<[string, object, RegExp]>([
  ["of lists of different lengths", { labels: [0] }, /of one length/],
  ["of a sample twice", { places: [3, 3] }, /don't rise/],
  ["of a sample that there isn't", { places: [0, 4] }, /samples that there aren't/],
  ["of another data set", { labels: [0, 0] }, /of other classes/],
  [
    "with a class that there isn't",
    { plan: { ...runs.plan, predicted: [0, classes] } },
    /classes that there aren't/,
  ],
  ["with an exit that there isn't", { plan: { ...runs.plan, exits: [0, 1] } }, /exits that there aren't/],
  [
    "with energies of an exit where nothing leaves",
    { energies: { ...runs.energies, exits: [{ exit: 1, energies: [energy] }] } },
    /energies aren't those of the exits/,
  ],
  ["with energies of no exit", { energies: { ...runs.energies, exits: [] } }, /energies aren't those/],
  ["that take too long", { backbone: { times: [1, 1e6], predicted: [0, 1] } }, /longer than there was time/],
])("runs %s are none", (_, change, words) => {
  const check = (value: object) =>
    verifyKind.check({ value: value as typeof runs, files: {} }, subject, options);
  expect(() => check(runs)).not.toThrow();
  expect(() => check({ ...runs, ...change })).toThrow(words);
});

it.each([{ times: [1, 0] }, { times: [1, -1] }, { times: [1, Number.NaN] }])("%j are no times", (change) => {
  expect(verifyKind.value.safeParse(runs).success).toBe(true);
  expect(verifyKind.value.safeParse({ ...runs, plan: { ...runs.plan, ...change } }).success).toBe(false);
});

it.each([{ ms: -1 }, { ms: Number.NaN }, { round: 1e6 }])("%j is no energy", (change) => {
  const energies = { ...runs.energies, backbone: [{ ...energy, ...change }] };
  expect(verifyKind.value.safeParse({ ...runs, energies }).success).toBe(false);
});
