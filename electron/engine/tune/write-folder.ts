import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import { type Job, partOfJob } from "../../../shared/base/job.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import type { TuneOptions } from "../../../shared/model/tune-options.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import { assetPath } from "../base/assets.ts";
import { writeJson } from "../base/write-outputs.ts";
import { isUnreadable } from "../dataset/images/raw-image.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import { type ImageSplit, imageSplit } from "../dataset/splits/image-split.ts";
import { imageDims } from "../onnx/backbone.ts";
import { encodeWeights } from "./network-weights.ts";
import { encodeReference, type ReferenceImages } from "./reference.ts";
import type { TunedNetwork, WrittenNetwork } from "./tuned-graph.ts";
import { type ImageStore, writeImages } from "./write-images.ts";

/** Files of a tuning's folder that others name. */
export const tuneFiles = { script: "train.py", results: "tuned.npz", lines: "lines.json" } as const;

/** What is written for a training elsewhere, or here. */
export interface TuneTask {
  readonly network: TunedNetwork;
  readonly written: WrittenNetwork;
  readonly preprocess: Preprocess;
  /** Divided as the project is, with all images that heads may learn from. */
  readonly data: OpenData;
  readonly options: TuneOptions;
  readonly images: Pick<ImageStore, "budgetBytes" | "shardBytes">;
}

/** Images that the module's outputs are compared on. */
const compared = 64;

/**
 * Writes a folder that a person can read and take elsewhere: network.py, train.py, weights.npz, recipe.json, images/ and
 * what the module is compared with.
 * @throws AppError 'usage' if the images take more than their budget, 'output-unwritable', 'data-invalid', 'cancelled'
 */
export async function writeTuneFolder(folder: string, task: TuneTask, job: Job): Promise<void> {
  const { network, written, options, data } = task;
  const { input } = network.backbone.summary;
  const stored = await storedInput(task);
  const images = join(folder, "images");
  await mkdir(images, { recursive: true });
  const split = imageSplit(data.source, data.splits.train, task.preprocess, stored);
  const store = { ...task.images, folder: images };
  const count = await writeImages(split, stored, store, partOfJob(job, 0, 0.8));
  const { python, outputs } = written;
  await writeFileAtomically(join(folder, "network.py"), python.source);
  await copyFile(assetPath("tune", tuneFiles.script), join(folder, tuneFiles.script));
  await writeFileAtomically(join(folder, "weights.npz"), encodeWeights(python.weights));
  await writeJson(folder, tuneFiles.lines, python.lines);
  await writeJson(folder, "recipe.json", {
    ...options,
    outputs: outputs.map(({ name }) => name),
    layout: input.layout,
    ...scaleOf(task.preprocess, stored, input),
    images: count,
  });
  job.report(0.85, 1, "what the network computes, to compare with");
  const reference = await referenceImages(task, stored);
  await writeFileAtomically(join(folder, "reference.npz"), await encodeReference(written, reference));
}

/** The network's input as its images are stored: as bytes, unless the data has none. */
async function storedInput({ network, data }: TuneTask): Promise<BackboneInput> {
  const { input, name } = network.backbone.summary;
  if (input.type !== "float32" && input.type !== "uint8")
    throw new AppError(
      "model-unsupported",
      `${name} reads ${input.type} images, which can't be learnt from here; tune the model that it was made of, with float32 input`,
    );
  const { part, indices } = data.splits.train;
  const [first] = await data.source.read(part, indices.subarray(0, 1));
  const hasBytes = first && !isUnreadable(first) && first.data instanceof Uint8Array;
  return hasBytes ? { ...input, type: "uint8" } : input;
}

/** From what is stored to what the network reads. */
function scaleOf(preprocess: Preprocess, stored: BackboneInput, input: BackboneInput) {
  const isReady = stored.type === input.type;
  return isReady
    ? { scale: 1, mean: [0], standardDeviation: [1] }
    : {
        scale: preprocess.scale,
        mean: preprocess.mean,
        standardDeviation: preprocess.standardDeviation,
      };
}

async function referenceImages(task: TuneTask, stored: BackboneInput): Promise<ReferenceImages> {
  const { network, data, preprocess } = task;
  const { summary } = network.backbone;
  const first = { ...data.splits.train, indices: data.splits.train.indices.subarray(0, compared) };
  const read = (input: BackboneInput) => firstBatch(imageSplit(data.source, first, preprocess, input));
  const [pixels, inputs] = [await read(stored), await read(summary.input)];
  const dims = imageDims(summary, 1);
  const count = inputs.labels.length;
  return {
    count,
    stored: { shape: [count, ...dims.slice(1)], data: pixels.images },
    inputs: Float32Array.from(inputs.images),
    dims,
    input: summary.input.name,
  };
}

async function firstBatch(split: ImageSplit) {
  for await (const batch of split.batches(compared)) {
    const { labels, images } = batch;
    const size = images.length / compared;
    return { labels, images: images.slice(0, labels.length * size) };
  }
  throw new AppError("data-invalid", "the train split has no readable image; choose other data");
}
