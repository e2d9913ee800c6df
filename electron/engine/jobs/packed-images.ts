import { AppError } from "../../../shared/base/errors.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import type { DecodableSplit, ImageSplit } from "../dataset/splits/image-split.ts";
import { inputArray, valuesPerImage } from "../dataset/splits/input-pixels.ts";
import type { BatchRead } from "../dataset/splits/read-batch.ts";
import { openStoredImages, storedImages } from "./stored-images.ts";

/** Images read at a time while they are packed. */
const batchSize = 64;

/** Some images of a split and their right classes. */
export interface PackedImages {
  /** A file of them, see `storedImages`. */
  readonly images: Uint8Array;
  readonly labels: Int32Array;
}

/**
 * @param places of the images among the readable ones of the split, rising
 * @throws AppError 'shape-mismatch' if the split has fewer
 */
export async function packImages(
  split: ImageSplit,
  input: BackboneInput,
  places: Int32Array,
  pause: () => Promise<void>,
): Promise<PackedImages> {
  const size = valuesPerImage(input);
  const packed = inputArray(input, places.length);
  const labels = new Int32Array(places.length);
  let taken = 0;
  for await (const { batch, row } of rowsAt(split.batches(batchSize), places, pause)) {
    packed.set(batch.images.subarray(row * size, (row + 1) * size), taken * size);
    labels[taken++] = batch.labels[row];
  }
  return { images: new Uint8Array(Buffer.concat(storedImages([packed], input))), labels };
}

/**
 * Finds some images in a split's batches.
 * @param places among the readable images of the split, rising
 * @throws AppError 'shape-mismatch' if the split has fewer
 */
export async function* rowsAt<Batch extends Pick<BatchRead, "labels">>(
  batches: AsyncIterable<Batch>,
  places: Int32Array,
  pause: () => Promise<void>,
): AsyncGenerator<{ readonly batch: Batch; readonly row: number }> {
  let [read, taken] = [0, 0];
  for await (const batch of batches) {
    for (let row = 0; row < batch.labels.length && taken < places.length; row++, read++) {
      if (places[taken] !== read) continue;
      taken++;
      yield { batch, row };
    }
    if (taken === places.length) return;
    await pause();
  }
  throw new AppError(
    "shape-mismatch",
    `the confidence table has more test samples than the data set, ${read}; calibrate again with this data`,
  );
}

/**
 * Packed images as a split of a data set; they can't be had as they were decoded.
 * @throws AppError 'file-invalid' if the file holds another number of images
 */
export async function openPackedImages(
  path: string,
  input: BackboneInput,
  labels: Int32Array,
): Promise<DecodableSplit> {
  const count = labels.length;
  await (await openStoredImages(path, input, count)).close();
  const undecoded = () => {
    throw new AppError("internal", "images that were packed can't be had as they were decoded");
  };
  return {
    count,
    unreadable: new Map(),
    decoded: undecoded,
    exampleBytes: undecoded,
    preparer: undecoded,
    async *batches(batch) {
      const images = inputArray(input, Math.min(batch, count));
      const stored = await openStoredImages(path, input, count);
      try {
        for (let start = 0; start < count; start += batch) {
          const end = Math.min(count, start + batch);
          await stored.read(images, start, end - start);
          const indices = Int32Array.from({ length: end - start }, (_, row) => start + row);
          yield { images, labels: labels.slice(start, end), indices, skipped: [] };
        }
      } finally {
        await stored.close();
      }
    },
  };
}
