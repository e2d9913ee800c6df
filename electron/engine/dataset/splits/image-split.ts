import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import type { Preprocess } from "../../../../shared/model/preprocess.ts";
import type { DatasetSource } from "../dataset-source.ts";
import type { UnreadableImage } from "../images/raw-image.ts";
import { type ImageBatch, readSplit } from "./read-batch.ts";
import type { Split } from "./splits.ts";

/** A split's images, preprocessed for one model, in the split's own seeded random order. */
export interface ImageSplit {
  /** Images, unreadable ones included. */
  readonly count: number;
  /** Unreadable images that were met so far; they are left out of the batches. */
  readonly unreadable: ReadonlyMap<string, UnreadableImage>;
  /** @throws AppError 'data-invalid' once more than 1 % of the split is unreadable */
  batches(size: number): AsyncGenerator<ImageBatch>;
}

export function imageSplit(
  source: DatasetSource,
  split: Split,
  preprocess: Preprocess,
  input: BackboneInput,
): ImageSplit {
  const unreadable = new Map<string, UnreadableImage>();
  return {
    count: split.indices.length,
    unreadable,
    async *batches(size) {
      for await (const batch of readSplit(source, split, preprocess, input, size)) {
        for (const image of batch.skipped) unreadable.set(image.path, image);
        yield batch;
      }
    },
  };
}
