import type { BackboneSummary } from "../../../shared/domain/backbone.ts";
import type { Preprocess } from "../../../shared/domain/preprocess.ts";
import type { SplitOptions } from "../../../shared/domain/stage-options.ts";
import type { Job } from "../../../shared/job.ts";
import type { DatasetSource } from "../dataset/dataset-source.ts";
import { type ImageSplit, imageSplit } from "../dataset/image-split.ts";
import { openDataset } from "../dataset/open-dataset.ts";
import { checkPreprocess } from "../dataset/preprocess.ts";
import { checkClasses, makeSplits, type SplitName, type Splits } from "../dataset/splits.ts";

/** A data set opened for one model, divided, and known by its content. */
export interface LoadedData {
  readonly source: DatasetSource;
  readonly splits: Splits;
  readonly images: Readonly<Record<SplitName, ImageSplit>>;
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
  const source = await openDataset(path, job);
  try {
    checkClasses(source, backbone.output.classes);
    checkPreprocess(preprocess, backbone.input);
    const splits = makeSplits(source, options);
    const images = (name: SplitName) => imageSplit(source, splits[name], preprocess, backbone.input);
    const loaded = {
      source,
      splits,
      images: { train: images("train"), calibration: images("calibration"), test: images("test") },
      key: { fingerprint: await source.fingerprint(job), preprocess, options },
    };
    await readFirstImage(loaded.images.calibration);
    return loaded;
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Finds out early whether images fit the model, before anything long starts. */
async function readFirstImage(split: ImageSplit): Promise<void> {
  for await (const _batch of split.batches(1)) return;
}
