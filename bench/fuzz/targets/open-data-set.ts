import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatasetSource, PartName } from "../../../electron/engine/dataset/dataset-source.ts";
import { isUnreadable, type RawImage } from "../../../electron/engine/dataset/images/raw-image.ts";
import { openDataset } from "../../../electron/engine/dataset/open/open-dataset.ts";
import { type Backbone, importModel, openData } from "../../../electron/engine/index.ts";
import { encodeModel } from "../../../electron/engine/onnx/codec.ts";
import { residualNet } from "../../../electron/engine/onnx/testing/test-graphs.ts";
import { AppError } from "../../../shared/base/errors.ts";
import { type Job, silentJob } from "../../../shared/base/job.ts";
import { preprocessPresets } from "../../../shared/model/preprocess.ts";
import { expectTrue, type Nonsense, strangeNumbers } from "./nonsense.ts";

/** As many as are looked at of a part; more would only take longer. */
const mostImages = 200;

/** A data set that is accepted may take its time: each of its images is looked up. */
const mostFingerprinted = 50_000;

/** Opens a data set, reads its images, and divides it for a model. */
export async function openDataSet(path: string, job: Job): Promise<Nonsense> {
  const source = await openDataset(path, job);
  const nonsense: Nonsense = [];
  try {
    for (const part of Object.keys(source.parts) as PartName[])
      nonsense.push(...(await readPart(source, part)));
    if (imagesIn(source) <= mostFingerprinted) await source.fingerprint(job);
  } finally {
    await source.close();
  }
  return [...nonsense, ...(await divide(path, job))];
}

function imagesIn({ parts }: DatasetSource): number {
  return Object.values(parts).reduce((sum, { labels }) => sum + labels.length, 0);
}

async function readPart(source: DatasetSource, part: PartName): Promise<Nonsense> {
  const labels = source.parts[part]!.labels;
  const classes = source.classNames.length;
  const nonsense = expectTrue(
    labels.every((label) => label >= 0 && label < classes),
    `${part} has a label that is no class`,
  );
  const count = Math.min(labels.length, mostImages);
  for (let done = 0; done < count; ) {
    const wanted = Array.from({ length: Math.min(32, count - done) }, (_, at) => done + at);
    const images = await source.read(part, wanted);
    nonsense.push(...expectTrue(images.length > 0, `${part} gave no image for ${wanted.length}`));
    for (const image of images) {
      if (!isUnreadable(image)) nonsense.push(...imageNonsense(image, part));
    }
    done += Math.max(1, images.length);
  }
  return nonsense;
}

function imageNonsense({ width, height, channels, data }: RawImage, part: PartName): Nonsense {
  return expectTrue(
    width > 0 && height > 0 && channels > 0 && data.length === width * height * channels,
    `an image of ${part} has ${data.length} values for ${width}x${height}x${channels}`,
  );
}

/** Few data sets fit the model; the refusal of another is right, and counts as opened. */
async function divide(path: string, job: Job): Promise<Nonsense> {
  model ??= importSmall();
  const { preprocess } = preprocessPresets[0];
  const request = { path, preprocess, splits: { seed: 1 } };
  const data = await openData(await model, request, job).catch((error) => {
    if (error instanceof AppError && /^data-/.test(error.code)) return undefined;
    throw error;
  });
  const nonsense: Nonsense = [];
  try {
    for await (const { images, indices } of data?.images.train.batches(32) ?? [])
      nonsense.push(...strangeNumbers(images.subarray(0, indices.length * 192), "a prepared image"));
  } finally {
    await data?.source.close();
  }
  return nonsense;
}

/** Takes images of 8x8 in five classes. */
let model: Promise<Backbone> | undefined;

async function importSmall(): Promise<Backbone> {
  const folder = await mkdtemp(join(tmpdir(), "offramp-small-"));
  try {
    const path = join(folder, "small.onnx");
    await writeFile(path, encodeModel(residualNet(1)));
    return await importModel(path, {}, silentJob);
  } finally {
    await rm(folder, { recursive: true });
  }
}
