import { AppError } from "../../../../shared/errors.ts";
import type { Thumbnail } from "../../../../shared/ipc/images.ts";
import type { Job } from "../../../../shared/job.ts";
import { type OpenData, openData } from "../../pipeline/load-data.ts";
import { type TrainedProject, trainedProject } from "../../project/project.ts";
import type { Handlers } from "../handler.ts";
import { inspectData } from "../inspect-data.ts";
import { calibrationIndices, provideData } from "../project-data.ts";
import { readCalibrationImages } from "../read-thumbnails.ts";
import type { Workspace } from "../workspace.ts";

/** Images read at a time. */
const chunk = 32;

/** Looking at images: of a data set that may be trained with, and of the one that was. */
export function dataHandlers(workspace: Workspace): Pick<Handlers, "data.inspect" | "project.images"> {
  return {
    "data.inspect": async ({ path, preprocess, splits }, call) => {
      const { backbone } = workspace.project;
      const job = call.job("load");
      await provideData(path, workspace.cache, job);
      const data = await openData(path, backbone.summary, preprocess, splits, job);
      try {
        return await inspectData(path, data, backbone, preprocess, job);
      } finally {
        await data.source.close();
      }
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

/** Thumbnails of samples of the calibration tables, in the order asked for. */
async function sampleImages(
  { backbone, preprocess, tables }: TrainedProject,
  data: OpenData,
  samples: readonly number[],
  job: Job,
): Promise<Thumbnail[]> {
  const [table] = tables.calibration.values();
  const beyond = samples.find((sample) => sample >= table.samples);
  if (beyond !== undefined)
    throw new AppError(
      "usage",
      `no calibration sample ${beyond}; there are ${table.samples}, counted from 0`,
    );
  const places = await calibrationIndices(data, table.samples, job);
  const wanted = Int32Array.from(samples, (sample) => places[sample]);
  const images: Thumbnail[] = [];
  const { input } = backbone.summary;
  for await (const batch of readCalibrationImages(data, wanted, preprocess, input, chunk, job)) {
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
