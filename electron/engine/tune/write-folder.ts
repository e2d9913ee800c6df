import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import { type Job, partOfJob } from "../../../shared/base/job.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import type { TuneOptions } from "../../../shared/model/tune-options.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import { assetPath } from "../base/assets.ts";
import { jsonText } from "../base/write-outputs.ts";
import { isUnreadable } from "../dataset/images/raw-image.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { headKey } from "../heads/head.ts";
import { imageDims } from "../onnx/backbone.ts";
import { describeFolder } from "./describe-folder.ts";
import { listImages, undecodable } from "./list-images.ts";
import { encodeWeights } from "./network-weights.ts";
import { type Made, type Recipe, recipeFile } from "./recipe-file.ts";
import { encodeReference, type ReferenceImages } from "./reference.ts";
import { checkFolder } from "./tune-folder.ts";
import type { TunedNetwork, WrittenNetwork } from "./tuned-graph.ts";
import { exceedsBudget, type ImageStore, overBudget, writeImages, writtenImages } from "./write-images.ts";

/** Files of a training's folder that others name. */
export const tuneFiles = {
  script: "train.py",
  modules: ["checkpoint.py", "compare.py", "data.py", "files.py", "folder.py", "norms.py"],
  network: "network.py",
  weights: "weights.npz",
  teacher: "teacher.py",
  teacherWeights: "teacher.npz",
  reference: "reference.npz",
  lines: "lines.json",
  images: "images",
  read: "README.txt",
  results: "tuned.npz",
  checkpoint: "checkpoint.npz",
} as const;

/** What is written for a training elsewhere, or here. */
export interface TuneTask {
  readonly network: TunedNetwork;
  readonly written: WrittenNetwork;
  /** Another network whose answers are learnt from; the network's own from before are if absent. */
  readonly teacher?: { readonly sha256: string; readonly written: WrittenNetwork };
  readonly preprocess: Preprocess;
  /** Divided as the project is, with all images that are to be learnt from. */
  readonly data: OpenData;
  /** Hash of all that these images depend on. */
  readonly dataKey: string;
  /** The most images that are learnt from; all that there are if absent. */
  readonly trainLimit?: number;
  /** Share of images that it hasn't learnt from, the calibration split's, that the network's own output has right. */
  readonly accuracyOnNewImages: number;
  readonly options: TuneOptions;
  readonly store: ImageStore;
}

/** Images that the module's outputs are compared on. */
const compared = 64;

/**
 * Writes a folder that a person can read and take elsewhere: network.py, train.py, weights.npz, recipe.json, images/ and
 * what the module is compared with. A folder that was begun for the same training is completed; train.py, which makes it one
 * that can be run, comes last.
 * @returns how many images there are
 * @throws AppError 'usage' if the folder holds something else, or the images take more than their budget; 'output-unwritable',
 *   'data-invalid', 'cancelled'
 */
export async function writeTuneFolder(folder: string, task: TuneTask, job: Job): Promise<number> {
  const { written, teacher } = task;
  const file = (name: string, content: Uint8Array | string) =>
    writeFileAtomically(join(folder, name), content);
  const stored = await storedInput(task);
  const recipe = recipeOf(task, stored);
  await checkFolder(folder, recipe);
  await file(recipeFile, jsonText(recipe));
  const count = await storeImages(join(folder, tuneFiles.images), task, stored, partOfJob(job, 0, 0.8));
  const reference = await referenceImages(task);
  await file(tuneFiles.reference, await encodeReference(written, reference, partOfJob(job, 0.8, 1)));
  await file(tuneFiles.network, written.python.source);
  await file(tuneFiles.weights, encodeWeights(written.python.weights));
  if (teacher) {
    await file(tuneFiles.teacher, teacher.written.python.source);
    await file(tuneFiles.teacherWeights, encodeWeights(teacher.written.python.weights));
  }
  await file(tuneFiles.lines, jsonText(written.python.lines));
  await file(tuneFiles.read, describeFolder(task.network, teacher !== undefined));
  for (const name of [...tuneFiles.modules, tuneFiles.script])
    await file(name, await readFile(assetPath("tune", name)));
  job.report(1, 1);
  return count;
}

/** As shards where there is room for them, else as a list of their files. @returns how many there are */
async function storeImages(
  folder: string,
  { data, preprocess, store }: TuneTask,
  stored: BackboneInput,
  job: Job,
): Promise<number> {
  const split = data.imagesUnder(preprocess, "train", stored);
  const { budgetBytes, shardBytes } = store;
  const written = await writtenImages(folder);
  if (written !== undefined) return written;
  if (!exceedsBudget(split.count, stored, budgetBytes))
    return writeImages(split, stored, { folder, shardBytes }, job);
  const why = undecodable(data, preprocess, stored);
  if (why !== undefined) throw overBudget(split.count, stored, budgetBytes, why);
  const { indices } = await firstBatch(split);
  return listImages(data, preprocess, stored, indices, folder);
}

/** What a training is written from, by content. */
export function madeFrom({
  network,
  teacher,
  dataKey,
  trainLimit,
}: Pick<TuneTask, "network" | "teacher" | "dataKey" | "trainLimit">): Made {
  return {
    network: network.backbone.summary.sha256,
    exits: network.heads.map((head) => ({
      cutPoint: head.cutPoint,
      head: head.kind,
      key: headKey(head),
    })),
    data: dataKey,
    ...(trainLimit !== undefined && { trainLimit }),
    ...(teacher && { teacher: teacher.sha256 }),
  };
}

function recipeOf(task: TuneTask, stored: BackboneInput): Recipe {
  const input = trainedInput(task.network);
  return {
    ...task.options,
    outputs: task.written.outputs.map(({ name }) => name),
    layout: input.layout,
    ...scaleOf(task.preprocess, stored, input),
    accuracyOnNewImages: task.accuracyOnNewImages,
    made: madeFrom(task),
  };
}

/**
 * The network's input as its images are stored: as bytes, unless the data has none.
 * @throws AppError 'model-unsupported' if it reads images that can't be learnt from
 */
async function storedInput({ network, data }: Pick<TuneTask, "network" | "data">): Promise<BackboneInput> {
  const { name } = network.backbone.summary;
  const input = trainedInput(network);
  if (input.type !== "float32" && input.type !== "uint8")
    throw new AppError(
      "model-unsupported",
      `${name} reads ${input.type} images, which can't be learnt from here; tune the model that it was made of, with float32 input`,
    );
  const { part, indices } = data.splits.train;
  const images = await data.source.read(part, indices.subarray(0, compared));
  const first = images.find((image) => !isUnreadable(image));
  const hasBytes = first && "data" in first && first.data instanceof Uint8Array;
  return hasBytes ? { ...input, type: "uint8" } : input;
}

/** The network's input as training reads it: all floats are float32 there. */
function trainedInput({ backbone }: TunedNetwork): BackboneInput {
  const { input } = backbone.summary;
  return input.type === "float16" || input.type === "float64" ? { ...input, type: "float32" } : input;
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

/** The first of the images that are learnt from. */
export async function referenceImages(
  task: Pick<TuneTask, "network" | "data" | "preprocess">,
): Promise<ReferenceImages> {
  const { network, data, preprocess } = task;
  const { summary } = network.backbone;
  const stored = await storedInput(task);
  const read = (input: BackboneInput) => firstBatch(data.imagesUnder(preprocess, "train", input));
  const [pixels, inputs] = [await read(stored), await read(trainedInput(network))];
  const dims = imageDims(summary, 1);
  return {
    count: inputs.count,
    stored: { shape: [pixels.count, ...dims.slice(1)], data: pixels.images },
    inputs: Float32Array.from(inputs.images),
    dims,
  };
}

async function firstBatch(split: ImageSplit) {
  for await (const { indices, images } of split.batches(compared))
    return { count: indices.length, indices, images: images.slice() };
  throw new AppError("data-invalid", "the train split has no readable image; choose other data");
}
