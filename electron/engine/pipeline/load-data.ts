import type { BackboneSummary } from "../../../shared/domain/backbone.ts";
import type { Preprocess } from "../../../shared/domain/preprocess.ts";
import type { SplitOptions } from "../../../shared/domain/stage-options.ts";
import type { Job } from "../../../shared/job.ts";
import type { DatasetSource } from "../dataset/dataset-source.ts";
import { type ImageSplit, imageSplit } from "../dataset/image-split.ts";
import { numberedFromZero } from "../dataset/numbered-from-zero.ts";
import { openDataset } from "../dataset/open-dataset.ts";
import { checkPreprocess } from "../dataset/preprocess.ts";
import {
  checkClasses,
  filledSplitOptions,
  makeSplits,
  type SplitName,
  type Splits,
} from "../dataset/splits.ts";

/** A data set opened for one model and divided. Whoever opens it closes its source. */
export interface OpenData {
  readonly source: DatasetSource;
  readonly splits: Splits;
  readonly images: Readonly<Record<SplitName, ImageSplit>>;
}

/** And known by its content. */
export interface LoadedData extends OpenData {
  /** Everything that the preprocessed splits depend on, for cache keys. */
  readonly key: Readonly<Record<string, unknown>>;
}

/**
 * @throws AppError 'data-invalid', 'data-mismatch' if classes or image size don't fit the model, 'cancelled'
 */
export async function loadData(
  path: string,
  backbone: BackboneSummary,
  preprocess: Preprocess,
  options: SplitOptions,
  job: Job,
): Promise<LoadedData> {
  const data = await openData(path, backbone, preprocess, options, job);
  try {
    const fingerprint = await data.source.fingerprint(job);
    return { ...data, key: { fingerprint, preprocess, options: filledSplitOptions(options) } };
  } catch (error) {
    await data.source.close();
    throw error;
  }
}

/**
 * The same without the pass over all files that gives the key.
 * @throws AppError as `loadData` does
 */
export async function openData(
  path: string,
  backbone: BackboneSummary,
  preprocess: Preprocess,
  options: SplitOptions,
  job: Job,
): Promise<OpenData> {
  const opened = await openDataset(path, job);
  try {
    const source = numberedFromZero(opened, backbone.output.classes);
    checkClasses(source, backbone.output.classes);
    checkPreprocess(preprocess, backbone.input);
    const splits = makeSplits(source, options);
    const images = (name: SplitName) => imageSplit(source, splits[name], preprocess, backbone.input);
    const data = {
      source,
      splits,
      images: { train: images("train"), calibration: images("calibration"), test: images("test") },
    };
    await readFirstImage(data.images.calibration);
    return data;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Finds out early whether images fit the model, before anything long starts. */
async function readFirstImage(split: ImageSplit): Promise<void> {
  for await (const _batch of split.batches(1)) return;
}
