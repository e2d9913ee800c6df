import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pairedDifference, shareInterval } from "../../../shared/base/intervals.ts";
import { type Job, partOfJob } from "../../../shared/base/job.ts";
import type { QuantiseOptions, TargetOptions } from "../../../shared/model/stage-options.ts";
import { makeScratchFolder } from "../../disk/scratch-folder.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { importModel } from "../onnx/import/import-model.ts";
import { timeRatio } from "../profile/time-references.ts";
import { quantisable, quantisedModel } from "../quantise/quantise-model.ts";
import { tensorRanges } from "../quantise/tensor-ranges.ts";
import type { LoadedData } from "./load-data.ts";
import { answeredImages } from "./reference-stage.ts";
import type { StageContext, StageRunner } from "./stage-context.ts";

/** The backbone with integers, and its file. */
export interface QuantisedBackbone {
  readonly quantised: Backbone;
  readonly file: Uint8Array;
}

/**
 * The backbone with integers, its ranges from images of the calibration split; run once like any model that is opened.
 * @throws AppError 'model-unsupported' if it can't be quantised, 'cancelled'
 */
export async function quantiseBackbone(
  backbone: Backbone,
  data: OpenData,
  options: QuantiseOptions,
  job: Job,
): Promise<QuantisedBackbone> {
  const file = await quantisedFile(backbone, data, options, partOfJob(job, 0, 0.9));
  return openQuantised(backbone, file, partOfJob(job, 0.9, 1));
}

/** {@link quantiseBackbone} as a stage: its file is kept. */
export async function quantiseOnce(
  { cache, job }: StageContext,
  backbone: Backbone,
  data: LoadedData,
  options: QuantiseOptions,
): Promise<QuantisedBackbone> {
  const key = { sha256: backbone.summary.sha256, data: data.key, options };
  const produce = async (folder: string) =>
    writeFile(join(folder, int8File), await quantisedFile(backbone, data, options, partOfJob(job, 0, 0.9)));
  const read = (folder: string) => readFile(join(folder, int8File));
  const { result: file } = await cache.get({ stage: "quantise", key, produce, read }, job);
  return openQuantised(backbone, file, partOfJob(job, 0.9, 1));
}

const int8File = "int8.onnx";

async function quantisedFile(
  backbone: Backbone,
  { images }: OpenData,
  options: QuantiseOptions,
  job: Job,
): Promise<Uint8Array> {
  const prepared = quantisable(backbone);
  const ranges = await tensorRanges(prepared, backbone.summary, images.calibration, options, job);
  return encodeModel(quantisedModel(prepared, ranges));
}

async function openQuantised({ summary }: Backbone, file: Uint8Array, job: Job): Promise<QuantisedBackbone> {
  const folder = await makeScratchFolder("quantise");
  try {
    // A project may call its model anything, so the name is none of a file's.
    const path = join(folder, int8File);
    await writeFile(path, file);
    const made = await importModel(path, {}, job);
    return { quantised: { ...made, summary: { ...made.summary, name: `${summary.name}.int8` } }, file };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The backbone with integers as a static network beside the plans, if it is wanted. @throws AppError as `quantiseBackbone` */
export async function quantisedRivals(
  backbone: Backbone,
  data: OpenData,
  options: QuantiseOptions | undefined,
  stages: StageRunner,
): Promise<Backbone[]> {
  if (!options) return [];
  return stages.run("quantise", async ({ job }) => [
    (await quantiseBackbone(backbone, data, options, job)).quantised,
  ]);
}

/** How a quantised network does beside the one that it was made from. */
export interface QuantisedFigures {
  /** Images of the test split. */
  readonly samples: number;
  readonly float: AccuracyFigures;
  readonly int8: AccuracyFigures;
  /** Float minus int8, percentage points, with the half width of its 95 % interval (paired). */
  readonly accuracyDropPp: number;
  readonly accuracyDropHalfWidthPp: number;
  /** Share of the images that both answer alike. */
  readonly agreement: number;
  /** Mean latency of the float network over that of the other; both took turns. */
  readonly speedup: number;
  /** Of the weights, bytes. */
  readonly bytes: { readonly float: number; readonly int8: number };
}

interface AccuracyFigures {
  readonly accuracy: number;
  readonly accuracyInterval: readonly [number, number];
}

/** Runs both over the test split, and in turns on this machine. @throws AppError 'cancelled' */
export async function measureQuantised(
  backbone: Backbone,
  quantised: Backbone,
  { images }: OpenData,
  target: TargetOptions,
  job: Job,
): Promise<QuantisedFigures> {
  const float = await answeredImages(backbone, images.test, partOfJob(job, 0, 0.4));
  const int8 = await answeredImages(quantised, images.test, partOfJob(job, 0.4, 0.8));
  const { estimate } = await timeRatio(
    quantised,
    backbone,
    { ...target, energySensor: "none" },
    partOfJob(job, 0.8, 1),
  );
  const { labels } = float;
  const samples = labels.length;
  let [same, floatRight, int8Right, bothRight] = [0, 0, 0, 0];
  for (let sample = 0; sample < samples; sample++) {
    const [one, other] = [float.answers[sample], int8.answers[sample]];
    if (one === other) same++;
    if (one === labels[sample]) floatRight++;
    if (other === labels[sample]) int8Right++;
    if (one === other && one === labels[sample]) bothRight++;
  }
  const drop = pairedDifference(floatRight - bothRight, int8Right - bothRight, samples);
  const figures = (right: number) => ({
    accuracy: right / samples,
    accuracyInterval: shareInterval(right, samples),
  });
  return {
    samples,
    float: figures(floatRight),
    int8: figures(int8Right),
    accuracyDropPp: 100 * drop.difference,
    accuracyDropHalfWidthPp: 100 * drop.halfWidth,
    agreement: same / samples,
    speedup: 1 / estimate.ratio,
    bytes: { float: backbone.summary.parameterBytes, int8: quantised.summary.parameterBytes },
  };
}
