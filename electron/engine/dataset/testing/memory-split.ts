import type { UnreadableImage } from "../images/raw-image.ts";
import type { ImageSplit } from "../splits/image-split.ts";

export interface MemoryImages {
  /** Preprocessed, one an image, all of the same size. */
  readonly images: readonly Float32Array[];
  readonly labels: readonly number[];
  /** Places of images that can't be read. */
  readonly unreadable?: readonly number[];
}

/**
 * For tests: a split whose images are in memory. As with a real one, unreadable images are left out and named, and a
 * batch's images are overwritten by the next batch.
 */
export function memorySplit({ images, labels, unreadable = [] }: MemoryImages): ImageSplit {
  const met = new Map<string, UnreadableImage>();
  return {
    count: images.length,
    unreadable: met,
    async *batches(size) {
      const room = new Float32Array(size * (images[0]?.length ?? 0));
      for (let start = 0; start < images.length; start += size) {
        const rows = Array.from({ length: Math.min(size, images.length - start) }, (_, row) => start + row);
        const readable = rows.filter((row) => !unreadable.includes(row));
        const skipped = rows
          .filter((row) => unreadable.includes(row))
          .map((row) => ({ path: `images[${row}]`, reason: "is damaged" }));
        for (const image of skipped) met.set(image.path, image);
        room.fill(Number.NaN);
        for (const [at, row] of readable.entries()) room.set(images[row], at * images[row].length);
        yield {
          images: room,
          labels: Int32Array.from(readable, (row) => labels[row]),
          indices: Int32Array.from(readable),
          skipped,
        };
      }
    },
  };
}
