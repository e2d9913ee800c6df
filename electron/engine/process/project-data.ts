import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { StageCache } from "../base/cache.ts";
import { pathKind } from "../base/paths.ts";
import type { ClassChoice } from "../dataset/classes/order-classes.ts";
import { type DataRequest, type OpenData, openData } from "../dataset/open/open-data.ts";
import type { Project, TrainedProject } from "../project/project.ts";
import { fashionMnistFolder, hasFashionMnist, prepareFashionMnist } from "../samples/fashion-mnist.ts";
import { type LoadedData, loadData } from "../stages/load-data.ts";
import type { StageRunner } from "../stages/stage-context.ts";

/** Makes sure that a data set is where it is said to be: the sample's is unpacked when something first asks for it. */
export async function provideData(path: string, cache: StageCache, job: Job): Promise<void> {
  if (path === fashionMnistFolder(cache.folder)) await prepareFashionMnist(cache.folder, job);
}

/** A project may name any path; Windows would send the person's credentials to whatever host a network path names. */
function isOnOtherHost(path: string): boolean {
  return process.platform === "win32" && /^[\\/]{2}/.test(path);
}

export async function isDataAvailable(path: string, cache: StageCache): Promise<boolean> {
  if (isOnOtherHost(path)) return false;
  const kind = await pathKind(path).catch(() => undefined);
  return kind !== undefined || (path === fashionMnistFolder(cache.folder) && hasFashionMnist());
}

/** Which classes a data set has: the person's list, else the project's if its heads were trained with that data set. */
export function classSources(
  { data }: Project,
  path: string,
  chosen: ClassChoice | undefined,
): DataRequest["classes"] {
  return { chosen, stored: data?.path === path ? data.classNames : undefined };
}

/**
 * Opens the data set that a project's heads were trained with.
 * @throws AppError 'file-not-found' if it isn't there, and what `openData` throws
 */
export async function openProjectData(
  project: TrainedProject,
  cache: StageCache,
  job: Job,
): Promise<OpenData> {
  return openData(project.backbone, await requestFor(project, cache, job), job);
}

/** The same, known by its content. @throws AppError as `openProjectData` does */
export async function loadProjectData(
  project: TrainedProject,
  cache: StageCache,
  job: Job,
): Promise<LoadedData> {
  return loadData(project.backbone, await requestFor(project, cache, job), job);
}

/** Lets `read` use that data set. @throws AppError as `openProjectData` does; what `read` throws */
export async function withProjectData<Result>(
  project: TrainedProject,
  cache: StageCache,
  stages: StageRunner,
  read: (data: LoadedData) => Promise<Result>,
): Promise<Result> {
  const data = await stages.run("load", ({ job }) => loadProjectData(project, cache, job));
  try {
    return await read(data);
  } finally {
    await data.source.close();
  }
}

async function requestFor(
  { data, preprocess }: TrainedProject,
  cache: StageCache,
  job: Job,
): Promise<DataRequest> {
  const { path, splitOptions: splits, classNames } = data;
  if (!(await isDataAvailable(path, cache)))
    throw new AppError(
      "file-not-found",
      `the project's data set isn't there: ${path}; bring it back there, or train with it where it lies now`,
      { path },
    );
  await provideData(path, cache, job);
  return { path, preprocess, splits, classes: { stored: classNames } };
}

/**
 * Where each sample of a split's tables lies in its part of the data set: the split's own order, without
 * images that can't be read.
 * @param samples of the tables
 * @throws AppError 'data-mismatch' if the data set is another one than the tables were made with
 */
export async function sampleIndices(
  { splits, images, source }: OpenData,
  split: "calibration" | "test",
  samples: number,
  job: Job,
): Promise<Int32Array> {
  const { indices } = splits[split];
  if (indices.length === samples) return indices;
  const readable: Int32Array[] = [];
  for await (const batch of images[split].batches(64)) {
    readable.push(batch.indices);
    await job.pause();
  }
  const found = Int32Array.from(readable.flatMap((part) => [...part]));
  if (found.length === samples) return found;
  throw new AppError(
    "data-mismatch",
    `${source.path} has changed: it gives ${found.length} ${split} images, the project was made with ${samples}; train again`,
  );
}
