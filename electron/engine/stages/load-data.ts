import type { Job } from "../../../shared/base/job.ts";
import type { SplitOptions } from "../../../shared/model/stage-options.ts";
import { type DataRequest, type OpenData, openData, readFirstImage } from "../dataset/open/open-data.ts";
import type { DecodableSplit } from "../dataset/splits/image-split.ts";
import { filledSplitOptions, SPLIT_NAMES, type SplitName } from "../dataset/splits/splits.ts";
import type { Backbone } from "../onnx/backbone.ts";
import type { MemberModel } from "./member-stage.ts";

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

/**
 * The same samples in the same order, as the images of another network.
 * @throws AppError 'data-mismatch' if they can't be brought to its input
 */
export async function dataOfMember(
  data: LoadedData,
  { backbone, preprocess }: MemberModel,
): Promise<LoadedData> {
  const { input } = backbone.summary;
  const imagesUnder: OpenData["imagesUnder"] = (other, name, to = input) => data.imagesUnder(other, name, to);
  const images = Object.fromEntries(
    SPLIT_NAMES.map((name) => [name, imagesUnder(preprocess, name)]),
  ) as Record<SplitName, DecodableSplit>;
  await readFirstImage(images.calibration);
  return { ...data, images, imagesUnder, key: { ...data.key, preprocess } };
}

/** The test split of a data set as further networks of its project read it. */
export function testImagesOf(data: OpenData): (member: MemberModel) => DecodableSplit {
  return ({ preprocess, backbone }) => data.imagesUnder(preprocess, "test", backbone.summary.input);
}
