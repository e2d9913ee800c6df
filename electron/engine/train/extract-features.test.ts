import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { cancelledError, silentJob } from "../../../shared/base/job.ts";
import { randomInteger, seededRandom } from "../../../shared/base/random.ts";
import { trainOptionsSchema } from "../../../shared/model/stage-options.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { imageTensor } from "../dataset/splits/run-images.ts";
import { memorySplit } from "../dataset/testing/memory-split.ts";
import { gapLinear } from "../heads/gap-linear.ts";
import { buildHead } from "../heads/head.ts";
import { headShape } from "../heads/head-shape.ts";
import { multiExitModel, ownLogits } from "../heads/multi-exit-model.ts";
import { averagePooling, gridPooling } from "../heads/pooling.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { halfValue } from "../onnx/half-float.ts";
import { openSession } from "../onnx/runtime.ts";
import { importProto, noiseImages, viewTensors } from "../onnx/testing/test-backbone.ts";
import { TestGraph } from "../onnx/testing/test-graphs.ts";
import { visionTransformer } from "../onnx/testing/test-transformers.ts";
import { extractFeatures, featureRowBytes } from "./extract-features.ts";
import { FeatureReader, featureKey } from "./feature-store.ts";
import { trainHead } from "./train-head.ts";

const classes = 5;
const poolings = [gridPooling, averagePooling];
const asTheyAre = trainOptionsSchema.parse({});

/** Cut points of 4x12x12, 6x6x6 and 6x3x3; five classes. */
function smallNet(batch: number | string) {
  const net = new TestGraph();
  const first = net.convRelu("image", 3, 4);
  const second = net.convRelu(first, 4, 6, { stride: 2 });
  const third = net.convRelu(second, 6, 6, { stride: 2 });
  const last = net.convRelu(third, 6, 6);
  return net.model([net.classifier(last, 6, classes)], { shape: [batch, 3, 12, 12] });
}

/** Windows of a grid of at most 4x4 by the side of the map; neighbours overlap where 4 doesn't divide it. */
const windows: Readonly<Record<number, readonly (readonly number[])[]>> = {
  12: [
    [0, 1, 2],
    [3, 4, 5],
    [6, 7, 8],
    [9, 10, 11],
  ],
  6: [
    [0, 1, 2],
    [1, 2, 3],
    [2, 3, 4],
    [3, 4, 5],
  ],
  3: [[0], [1], [2]],
};

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Every pooled result of one feature map, worked out plainly. */
function naivePooling(map: Float32Array, channels: number, side: number) {
  const cells: number[][] = [];
  const planes: number[][] = [];
  for (let channel = 0; channel < channels; channel++) {
    const plane = [...map.subarray(channel * side * side, (channel + 1) * side * side)];
    planes.push(plane);
    for (const rows of windows[side])
      for (const columns of windows[side])
        cells.push(rows.flatMap((row) => columns.map((column) => plane[row * side + column])));
  }
  return {
    maximum: cells.map((cell) => Math.max(...cell)),
    mean: cells.map(mean),
    average: planes.map(mean),
  };
}

let dynamic: Backbone;
let fixed: Backbone;

beforeAll(async () => {
  dynamic = await importProto(smallNet("batch"));
  fixed = await importProto(smallNet(1));
});

/** 40 images, more than one batch, of which two can't be read. */
const unreadable = [5, 33];
const readable = Array.from({ length: 40 }, (_, row) => row).filter((row) => !unreadable.includes(row));

function testImages(scale = 1) {
  const random = seededRandom(2);
  const images = noiseImages(fixed, 40, random).map((image) => image.map((value) => scale * value));
  return { images, labels: images.map(() => randomInteger(random, classes)), unreadable };
}

async function extract(
  backbone: Backbone,
  { images, labels, unreadable: bad }: ReturnType<typeof testImages>,
) {
  const folder = await temporaryFolder();
  const split = memorySplit({ images, labels, unreadable: bad });
  await extractFeatures(backbone, backbone.summary.cutPoints, poolings, split, asTheyAre, folder, silentJob);
  return folder;
}

describe("features", () => {
  it("are what pooling the cut points' own values gives, in the split's order", async () => {
    const { cutPoints, output, input } = dynamic.summary;
    expect(cutPoints.map(({ shape }) => shape)).toEqual([
      [1, 4, 12, 12],
      [1, 6, 6, 6],
      [1, 6, 3, 3],
    ]);
    expect(input.dynamicBatch).toBe(true);
    const set = testImages();
    const folder = await extract(dynamic, set);
    const view = await viewTensors(
      dynamic,
      cutPoints.map(({ tensor }) => tensor),
    );
    const expected = [];
    for (const row of readable) expected.push(await view.of(set.images[row]));
    await view.release();

    for (const { index, tensor, shape } of cutPoints) {
      const names = ["maximum", "mean", "average"] as const;
      const reader = await FeatureReader.open(folder, index, names, 1e9);
      expect(reader.rows).toBe(readable.length);
      expect(reader.classes).toBe(classes);
      expect([...reader.labels].map(Number)).toEqual(readable.map((row) => set.labels[row]));
      const { features } = reader.window(0);
      for (const [row, tensors] of expected.entries()) {
        const pooled = naivePooling(tensors[tensor], shape[1], shape[2]);
        for (const [at, name] of names.entries()) {
          expect(reader.widths[at]).toBe(pooled[name].length);
          const stored = features[at].subarray(row * pooled[name].length, (row + 1) * pooled[name].length);
          // Half floats have 11 bits.
          for (const [cell, bits] of stored.entries())
            expect(Math.abs(halfValue(bits) - pooled[name][cell])).toBeLessThanOrEqual(
              1e-6 + pooled[name][cell] / 2000,
            );
        }
        const logits = reader.teacher.subarray(row * classes, (row + 1) * classes);
        for (const [cell, logit] of logits.entries())
          expect(logit).toBeCloseTo(tensors[output.name][cell], 4);
      }
      reader.close();
    }
  });

  it("are the same for a model of fixed batch", async () => {
    expect(fixed.summary.input.dynamicBatch).toBe(false);
    const set = testImages();
    const [many, single] = [await extract(dynamic, set), await extract(fixed, set)];
    const names = (await readdir(many)).sort();
    expect((await readdir(single)).sort()).toEqual(names);
    for (const name of ["features.json", "labels.i64"])
      expect(await readFile(join(single, name))).toEqual(await readFile(join(many, name)));
    const halves = names.filter((name) => name.endsWith(".f16"));
    expect(halves).toHaveLength(9);
    for (const name of halves) {
      const [a, b] = [await halvesIn(join(many, name)), await halvesIn(join(single, name))];
      expect(a.length).toBe(b.length);
      for (const [index, value] of a.entries()) expect(Math.abs(value - b[index])).toBeLessThan(0.002);
    }
  });

  it("take the bytes that were announced", async () => {
    const folder = await extract(dynamic, testImages());
    const sizes = await Promise.all(
      (await readdir(folder))
        .filter((name) => name !== "features.json")
        .map(async (name) => (await stat(join(folder, name))).size),
    );
    // Labels 8, logits 4 x 5, halves of 2: maximum and mean of 4x16, 6x16 and 6x9 cells, averages of 16 channels.
    const rowBytes = 8 + 20 + 2 * (2 * (64 + 96 + 54) + 16);
    expect(featureRowBytes(dynamic.summary.cutPoints, poolings, classes)).toBe(rowBytes);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(readable.length * rowBytes);
  });

  it("are held at the ends of what half floats can hold", async () => {
    const folder = await extract(dynamic, testImages(1e7));
    const values = await halvesIn(join(folder, "0.maximum.f16"));
    expect(Math.max(...values)).toBe(65504);
    expect(values.every(Number.isFinite)).toBe(true);
  });
});

it("are of a transformer's patches and its class token, for heads that learn from them as deployed", async () => {
  const backbone = await importProto(visionTransformer(3).proto);
  const { cutPoints } = backbone.summary;
  const random = seededRandom(4);
  const labels = Array.from({ length: 60 }, () => randomInteger(random, classes));
  // Each class is a brightness of its own.
  const images = noiseImages(backbone, 60, random).map((image, row) =>
    image.map((pixel) => labels[row] - 2 + pixel / 10),
  );
  const folder = await temporaryFolder();
  const split = memorySplit({ images, labels, unreadable: [] });
  await extractFeatures(backbone, cutPoints, [averagePooling], split, asTheyAre, folder, silentJob);
  const cut = cutPoints[2];
  const reader = await FeatureReader.open(folder, cut.index, ["average"], 1e9);
  const view = await viewTensors(backbone, [cut.tensor]);
  const tokens = (await view.of(images[7]))[cut.tensor];
  await view.release();
  const channels = Array.from({ length: 8 }, (_, channel) => channel);
  const patches = channels.map((channel) =>
    mean(Array.from({ length: 16 }, (_, patch) => tokens[8 * (1 + patch) + channel])),
  );
  const stored = [...reader.window(0).features[0].subarray(7 * 16, 8 * 16)].map(halfValue);
  for (const [at, expected] of [...patches, ...tokens.subarray(0, 8)].entries())
    expect(Math.abs(stored[at] - expected)).toBeLessThan(1e-3 * (1 + Math.abs(expected)));

  const schedule = { epochs: 30, batchSize: 20, learningRate: 0.05, distillation: 0, patience: 30 };
  const options = trainOptionsSchema.parse(schedule);
  const trained = await trainHead(reader, gapLinear, {}, headShape(cut, classes), options, silentJob);
  reader.close();
  const head = buildHead(cut, classes, gapLinear, {}, trained.values);
  expect(head).toMatchObject({ macs: 2 * 8 * classes, bytes: 4 * (2 * 8 + 1) * classes });
  const session = await openSession(
    encodeModel(multiExitModel(backbone, [{ head, output: "exit" }], ownLogits(backbone))),
  );
  const right = [];
  for (const [row, image] of images.entries()) {
    const { exit } = await session.run({ image: imageTensor(backbone.summary, image, 1) });
    const logits = [...(exit.data as Float32Array)];
    right.push(logits.indexOf(Math.max(...logits)) === labels[row]);
  }
  await session.release();
  expect(right.filter(Boolean).length).toBeGreaterThan(50);
});

async function halvesIn(path: string): Promise<number[]> {
  return [...new Uint16Array(new Uint8Array(await readFile(path)).buffer)].map(halfValue);
}

describe("further versions", () => {
  it("follow the images themselves, held out ones left out", async () => {
    const set = testImages();
    // Nowhere to move to, and no mirror: each version is the image.
    const versions = { ...asTheyAre, copies: 2, crop: 0, flip: false };
    const folder = await temporaryFolder();
    const { cutPoints } = dynamic.summary;
    await extractFeatures(
      dynamic,
      cutPoints,
      [averagePooling],
      memorySplit(set),
      versions,
      folder,
      silentJob,
    );
    const reader = await FeatureReader.open(folder, cutPoints[1].index, ["average"], 1e9);
    // 38 can be read, of which heads learn from 34.
    expect([reader.rows, reader.versions, reader.labels.length]).toEqual([38, 3, 38 + 2 * 34]);
    expect([0, 1, 2].map((version) => reader.startOf(version))).toEqual([0, 38, 72]);
    const of = (start: number) => [...reader.window(start).features[0].subarray(0, 34 * 6)].map(halfValue);
    const [plain, ...others] = [of(0), of(38), of(72)];
    // Batches that are cut elsewhere may round otherwise.
    for (const other of others)
      for (const [at, value] of other.entries()) expect(Math.abs(value - plain[at])).toBeLessThan(2e-3);
    expect([...reader.labels.subarray(72)]).toEqual([...reader.labels.subarray(0, 34)]);
    reader.close();
  });

  it("are others for another copy and another seed, the same for the same", async () => {
    const rows = async (seed: number) => {
      const folder = await temporaryFolder();
      const versions = { ...asTheyAre, copies: 2, seed };
      const split = memorySplit(testImages());
      const { cutPoints } = dynamic.summary;
      await extractFeatures(dynamic, cutPoints, [averagePooling], split, versions, folder, silentJob);
      const values = await halvesIn(join(folder, `${featureKey(cutPoints[0].index, "average")}.f16`));
      return [values.slice(0, 38 * 4), values.slice(38 * 4, 72 * 4), values.slice(72 * 4)];
    };
    const [first, again, other] = [await rows(1), await rows(1), await rows(7)];
    expect(again).toEqual(first);
    expect(first[1]).not.toEqual(first[2]);
    expect(other[0]).toEqual(first[0]);
    expect(other[1]).not.toEqual(first[1]);
  });
});

it("refuses a split without any readable image", async () => {
  const { images, labels } = testImages();
  const none = { images: images.slice(0, 3), labels: labels.slice(0, 3), unreadable: [0, 1, 2] };
  await expect(extract(dynamic, none)).rejects.toMatchObject({
    code: "data-invalid",
    message: "no image of the train split can be read; check the data set",
  });
});

it("reports images, unreadable ones included, and stops when cancelled", async () => {
  const reports: (readonly number[])[] = [];
  let pauses = 0;
  const job = {
    report: (done: number, total: number) => reports.push([done, total]),
    pause: async () => {
      if (++pauses === 2) throw cancelledError();
    },
  };
  const folder = await temporaryFolder();
  const run = extractFeatures(
    fixed,
    fixed.summary.cutPoints,
    poolings,
    memorySplit(testImages()),
    asTheyAre,
    folder,
    job,
  );
  await expect(run).rejects.toMatchObject({ code: "cancelled" });
  expect(reports).toEqual([
    [1, 40],
    [2, 40],
  ]);
});
