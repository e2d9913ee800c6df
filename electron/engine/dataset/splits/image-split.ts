import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import type { Preprocess } from "../../../../shared/model/preprocess.ts";
import type { DatasetSource } from "../dataset-source.ts";
import { isUnreadable, type RawImage, type UnreadableImage } from "../images/raw-image.ts";
import { frameImage } from "./image-geometry.ts";
import { type InputArray, inputArray, pixelWriter } from "./input-pixels.ts";
import {
  type DecodedBatch,
  type FrameChange,
  type ImageBatch,
  readDecoded,
  readSplit,
} from "./read-batch.ts";
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

/** The same where the images as they were decoded can be had too, and each made the model's input by itself. */
export interface DecodableSplit extends ImageSplit {
  /** In batches of the same images as `batches`. */
  decoded(size: number): AsyncGenerator<DecodedBatch>;
  /** Bytes of the first image as it is decoded. */
  exampleBytes(): Promise<number>;
  preparer(): ImagePreparer;
}

/**
 * Makes a decoded image a model's input, in an array that is used again.
 * @param place where the image lies, for messages
 * @throws AppError 'data-mismatch' if its size, channels or values don't fit the model
 */
export type ImagePreparer = (image: RawImage, place: string) => InputArray;

export function imagePreparer(preprocess: Preprocess, input: BackboneInput): ImagePreparer {
  const writer = pixelWriter(preprocess, input);
  const into = inputArray(input, 1);
  return (image, place) => {
    writer.write(frameImage(image, preprocess, input, place), into, 0, place);
    return into;
  };
}

/** A split whose images are changed before they are scaled, where that is wanted. */
export function changedSplit(
  source: DatasetSource,
  split: Split,
  preprocess: Preprocess,
  input: BackboneInput,
  change?: FrameChange,
): ImageSplit {
  const unreadable = new Map<string, UnreadableImage>();
  return {
    count: split.indices.length,
    unreadable,
    async *batches(size) {
      for await (const batch of readSplit(source, split, preprocess, input, size, change)) {
        for (const image of batch.skipped) unreadable.set(image.path, image);
        yield batch;
      }
    },
  };
}

export function imageSplit(
  source: DatasetSource,
  split: Split,
  preprocess: Preprocess,
  input: BackboneInput,
): DecodableSplit {
  return {
    ...changedSplit(source, split, preprocess, input),
    decoded: (size) => readDecoded(source, split, size),
    exampleBytes: async () => {
      const [image] = await source.read(split.part, split.indices.subarray(0, 1));
      return image && !isUnreadable(image) ? image.data.byteLength : 0;
    },
    preparer: () => imagePreparer(preprocess, input),
  };
}
