import { basename, sep } from "node:path";
import type { Job } from "../../../shared/base/job.ts";
import type { Thumbnail } from "../../../shared/ipc/images.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import type { UnreadableImage } from "../dataset/images/raw-image.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import { type InputArray, inputArray, valuesPerImage } from "../dataset/splits/input-pixels.ts";
import { readBatch } from "../dataset/splits/read-batch.ts";
import type { Split } from "../dataset/splits/splits.ts";
import { thumbnailOf } from "./thumbnail.ts";

/** Some images of a split, read for the model. */
export interface ReadImages {
  /** As the model reads them, one after the other; overwritten by the next. */
  readonly values: InputArray;
  readonly labels: Int32Array;
  /** Index of each within the part. */
  readonly indices: Int32Array;
  readonly skipped: readonly UnreadableImage[];
  /** @param row of these images */
  thumbnail(row: number): Thumbnail;
}

/**
 * Reads images of a split's part, some at a time.
 * @param indices within the part
 * @param size images at a time
 * @throws AppError 'data-mismatch' if an image doesn't fit the model, 'cancelled'
 */
export async function* readSplitImages(
  { source }: OpenData,
  { part }: Split,
  indices: Int32Array,
  preprocess: Preprocess,
  input: BackboneInput,
  size: number,
  job: Job,
): AsyncGenerator<ReadImages> {
  const values = inputArray(input, Math.min(size, indices.length));
  const length = valuesPerImage(input);
  for (let start = 0; start < indices.length; start += size) {
    const wanted = indices.subarray(start, start + size);
    const batch = await readBatch(source, part, wanted, preprocess, input, values);
    yield {
      ...batch,
      values,
      thumbnail: (row) => ({
        ...thumbnailOf(values.subarray(row * length, (row + 1) * length), preprocess, input),
        label: batch.labels[row],
        source: shortened(source.locate(part, batch.indices[row]), source.path),
      }),
    };
    job.report(start + wanted.length, indices.length);
    await job.pause();
  }
}

/** Where an image lies within its data set: `train/cat/7.png` of a folder, `data.npz (x_train.npy)[7]` of a file. */
function shortened(where: string, dataset: string): string {
  if (where.startsWith(dataset + sep)) return where.slice(dataset.length + sep.length);
  return where.startsWith(dataset) ? basename(dataset) + where.slice(dataset.length) : where;
}
