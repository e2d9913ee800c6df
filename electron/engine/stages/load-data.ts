import type { Job } from "../../../shared/base/job.ts";
import { type DataRequest, type OpenData, openData } from "../dataset/open/open-data.ts";
import { filledSplitOptions } from "../dataset/splits/splits.ts";
import type { Backbone } from "../onnx/backbone.ts";

/** Data known by its content. */
export interface LoadedData extends OpenData {
  /** Everything that the preprocessed splits depend on, for cache keys. */
  readonly key: Readonly<Record<string, unknown>>;
}

/**
 * Opens data and passes over all files for the key.
 * @throws AppError as `openData` does
 */
export async function loadData(backbone: Backbone, request: DataRequest, job: Job): Promise<LoadedData> {
  const data = await openData(backbone, request, job);
  const { preprocess, splits } = request;
  try {
    const fingerprint = await data.source.fingerprint(job);
    return { ...data, key: { fingerprint, preprocess, options: filledSplitOptions(splits) } };
  } catch (error) {
    await data.source.close();
    throw error;
  }
}
