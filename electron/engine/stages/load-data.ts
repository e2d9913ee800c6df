import type { Job } from "../../../shared/base/job.ts";
import type { SplitOptions } from "../../../shared/model/stage-options.ts";
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
    return keyed(data, { fingerprint, preprocess }, splits);
  } catch (error) {
    await data.source.close();
    throw error;
  }
}

/** The same data divided otherwise. @throws AppError as `openData` does for the splits */
export function withSplits(data: LoadedData, splits: SplitOptions): LoadedData {
  return keyed(data.divided(splits), data.key, splits);
}

function keyed(data: OpenData, key: LoadedData["key"], splits: SplitOptions): LoadedData {
  return { ...data, key: { ...key, options: filledSplitOptions(splits) } };
}
