import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import type { DataChoice } from "../../../../shared/ipc/channels.ts";
import type { Thumbnail } from "../../../../shared/ipc/images.ts";
import type { Answered } from "../../../../shared/model/class-mapping.ts";
import { askBackbone, openAsked } from "../../check/ask-backbone.ts";
import { checkBackbone } from "../../check/check-backbone.ts";
import { readClassChoice } from "../../dataset/classes/order-classes.ts";
import { type OpenData, openData } from "../../dataset/open/open-data.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import { choiceTables } from "../../project/choice-tables.ts";
import { type TrainedProject, trainedProject } from "../../project/project.ts";
import type { Handlers } from "../handler.ts";
import { inspectData } from "../inspect-data.ts";
import { classSources, isDataAvailable, provideData, sampleIndices } from "../project-data.ts";
import { readSplitImages } from "../read-thumbnails.ts";
import type { Workspace } from "../workspace.ts";

/** Images read at a time. */
const chunk = 32;

/** Looking at images: of a data set that may be trained with, and of the one that was. */
export function dataHandlers(
  workspace: Workspace,
): Pick<
  Handlers,
  "data.inspect" | "data.exists" | "data.check" | "data.answers" | "data.classes" | "project.images"
> {
  return {
    "data.inspect": (request, call) =>
      withOpenData(workspace, request, call.job("load"), (data, job) =>
        inspectData(request.path, data, workspace.project.backbone, request.preprocess, job),
      ),
    "data.exists": async ({ path }) => ({ exists: await isDataAvailable(path, workspace.cache) }),
    "data.check": (request, call) =>
      withOpenData(workspace, request, call.job("check"), (data, job) =>
        checkBackbone(workspace.project.backbone, data, request.preprocess, job),
      ),
    "data.answers": (request, call) =>
      withOpenData(workspace, request, call.job("check"), (data, job) =>
        askCalibration(workspace.project.backbone, data, job),
      ),
    "data.classes": async ({ path }) => {
      const { names, from } = await readClassChoice(path);
      return { names: [...names], from };
    },
    "project.images": ({ samples }, call) => {
      const job = call.job("load");
      const project = trainedProject(workspace.project);
      return workspace.withData(job, async (data) => ({
        images: await sampleImages(project, data, samples, job),
      }));
    },
  };
}

/** What the backbone answers to every calibration image. */
async function askCalibration(backbone: Backbone, { images }: OpenData, job: Job): Promise<Answered> {
  const session = await openAsked(backbone);
  try {
    return await askBackbone(session, backbone, images.calibration, job);
  } finally {
    await session.release();
  }
}

/** Opens a data set as the window's form says, for as long as `use` takes. */
async function withOpenData<Result>(
  { project, cache }: Workspace,
  { path, preprocess, splits, classes }: DataChoice,
  job: Job,
  use: (data: OpenData, job: Job) => Promise<Result>,
): Promise<Result> {
  await provideData(path, cache, job);
  const request = { path, preprocess, splits, classes: classSources(project, path, classes) };
  const data = await openData(project.backbone, request, job);
  try {
    return await use(data, job);
  } finally {
    await data.source.close();
  }
}

/** Thumbnails of samples of the tables that the window has, in the order asked for. */
async function sampleImages(
  project: TrainedProject,
  data: OpenData,
  samples: readonly number[],
  job: Job,
): Promise<Thumbnail[]> {
  const [table] = choiceTables(project).values();
  const beyond = samples.find((sample) => sample >= table.samples);
  if (beyond !== undefined)
    throw new AppError("usage", `no sample ${beyond}; there are ${table.samples}, counted from 0`);
  const images = new Map<number, Thumbnail>();
  let start = 0;
  for (const split of ["calibration", "test"] as const) {
    const [own] = project.tables[split].values();
    const wanted = samples.filter((sample) => sample >= start && sample < start + own.samples);
    const within = wanted.map((sample) => sample - start);
    start += own.samples;
    if (within.length === 0) continue;
    const read = await splitImages(project, data, split, within, job);
    for (const [at, sample] of wanted.entries()) images.set(sample, read[at]);
  }
  return samples.map((sample) => images.get(sample)!);
}

/** @param samples of this split's tables */
async function splitImages(
  { backbone, preprocess, tables }: TrainedProject,
  data: OpenData,
  split: "calibration" | "test",
  samples: readonly number[],
  job: Job,
): Promise<Thumbnail[]> {
  const [table] = tables[split].values();
  const places = await sampleIndices(data, split, table.samples, job);
  const wanted = Int32Array.from(samples, (sample) => places[sample]);
  const images: Thumbnail[] = [];
  const { input } = backbone.summary;
  for await (const batch of readSplitImages(
    data,
    data.splits[split],
    wanted,
    preprocess,
    input,
    chunk,
    job,
  )) {
    for (const { path, reason } of batch.skipped)
      throw new AppError("data-invalid", `${path} ${reason}, but was read when the project was made`);
    for (const row of batch.labels.keys()) images.push(batch.thumbnail(row));
  }
  for (const [at, { label }] of images.entries())
    if (table.labels && label !== table.labels[samples[at]])
      throw new AppError(
        "data-mismatch",
        `${data.source.path} has changed since the project was made: ${images[at].source} is of another class; train again`,
      );
  return images;
}
