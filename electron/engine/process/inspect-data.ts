import type { Job } from "../../../shared/base/job.ts";
import type { DataView as DataInspection, Thumbnail } from "../../../shared/ipc/images.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import { type DatasetSource, PART_NAMES } from "../dataset/dataset-source.ts";
import { datasetFormats } from "../dataset/formats/index.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import { batchSize, imageTensor } from "../dataset/splits/run-images.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { metadataClasses } from "../onnx/import/metadata-classes.ts";
import { floatValues, openSession } from "../onnx/runtime.ts";
import { answeredClasses } from "../onnx/scores.ts";
import { readSplitImages } from "./read-thumbnails.ts";

/** Calibration images that the backbone is tried on, and those of them that are shown. */
const maxTried = 200;
const maxShown = 40;

/**
 * Inspects a data set before anything is trained with it: what it holds, how images look to the network, and how many
 * of them the backbone gets right, so that a wrong preprocessing is seen at once.
 * @throws AppError 'data-mismatch' if an image doesn't fit the model, 'cancelled'
 */
export async function inspectData(
  path: string,
  data: OpenData,
  backbone: Backbone,
  preprocess: Preprocess,
  job: Job,
): Promise<DataInspection> {
  const { source, splits } = data;
  return {
    path,
    format: source.format,
    formatTitle: datasetFormats.find(({ id }) => id === source.format)?.title ?? source.format,
    classNames: [...source.classNames],
    ownClassNames: [...(source.own?.names ?? source.classNames)],
    modelClassNames: scoreNames(backbone),
    classOrder: data.classOrder,
    notes: [...data.notes],
    parts: countParts(source),
    splits: {
      train: splits.train.indices.length,
      calibration: splits.calibration.indices.length,
      test: splits.test.indices.length,
    },
    ...(await tryImages(data, backbone, preprocess, job)),
  };
}

/** Names that the model's metadata gives its scores. */
function scoreNames({ proto, summary }: Backbone): string[] | null {
  const list = metadataClasses(proto).find(({ names }) => names.length === summary.output.classes);
  return list ? [...list.names] : null;
}

function countParts({ parts, classNames }: DatasetSource): DataInspection["parts"] {
  return PART_NAMES.flatMap((name) => {
    const part = parts[name];
    if (!part) return [];
    const perClass = new Array<number>(classNames.length).fill(0);
    for (const label of part.labels) perClass[label]++;
    return [{ name, perClass }];
  });
}

async function tryImages(
  data: OpenData,
  { summary, proto }: Backbone,
  preprocess: Preprocess,
  job: Job,
): Promise<Pick<DataInspection, "images" | "unreadable" | "accuracy" | "accuracySamples" | "answered">> {
  const { indices, labels } = data.splits.calibration;
  const tried = indices.subarray(0, maxTried);
  const shown = spreadOverClasses(tried, labels.subarray(0, maxTried));
  const images: Thumbnail[] = [];
  const unreadable: string[] = [];
  const answered = { labels: [] as number[], answers: [] as number[] };
  const session = await openSession(encodeModel(proto));
  try {
    const size = batchSize(summary);
    for await (const batch of readSplitImages(
      data,
      data.splits.calibration,
      tried,
      preprocess,
      summary.input,
      size,
      job,
    )) {
      unreadable.push(...batch.skipped.map(({ path, reason }) => `${path} (${reason})`));
      const rows = batch.labels.length;
      if (rows === 0) continue;
      const feeds = { [summary.input.name]: imageTensor(summary, batch.values, rows) };
      const results = await session.run(feeds, [summary.output.name]);
      const answers = answeredClasses(summary.output, floatValues(results[summary.output.name]), rows);
      answered.answers.push(...answers);
      answered.labels.push(...batch.labels);
      for (let row = 0; row < rows; row++)
        if (shown.has(batch.indices[row])) images.push(batch.thumbnail(row));
    }
  } finally {
    await session.release();
  }
  images.sort((a, b) => a.label - b.label);
  const samples = answered.labels.length;
  const right = answered.labels.filter((label, at) => label === answered.answers[at]).length;
  return {
    images,
    unreadable,
    accuracy: samples > 0 ? right / samples : 0,
    accuracySamples: samples,
    answered: { labels: Int32Array.from(answered.labels), answers: Int32Array.from(answered.answers) },
  };
}

/** Some images, interleaved by class, so that each class gets as many as there are. */
function spreadOverClasses(indices: Int32Array, labels: Int32Array): Set<number> {
  const turns = new Map<number, number>();
  const ordered = [...indices].map((index, at) => {
    const turn = turns.get(labels[at]) ?? 0;
    turns.set(labels[at], turn + 1);
    return { index, turn };
  });
  ordered.sort((a, b) => a.turn - b.turn);
  return new Set(ordered.slice(0, maxShown).map(({ index }) => index));
}
