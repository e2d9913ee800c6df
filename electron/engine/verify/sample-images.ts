import type { BackboneSummary } from "../../../shared/model/backbone.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { valuesPerImage } from "../dataset/splits/input-pixels.ts";
import type { ImageBatch } from "../dataset/splits/read-batch.ts";
import { imageTensor } from "../dataset/splits/run-images.ts";
import type { RuntimeTensor } from "../onnx/runtime.ts";

/** A split as a network reads it. */
export interface NetworkImages {
  readonly summary: BackboneSummary;
  readonly images: ImageSplit;
}

/** One sample as each of several networks reads it. */
export type SampleImages = readonly RuntimeTensor[];

/** Samples, a batch at a time, with what was left out of it. */
export interface SampleBatch extends Pick<ImageBatch, "labels" | "skipped"> {
  readonly samples: readonly SampleImages[];
}

/** The same samples as several networks read them, image by image; one split is read at a time where they share it. */
export async function* sampleBatches(
  networks: readonly NetworkImages[],
  size: number,
): AsyncGenerator<SampleBatch> {
  const splits = [...new Set(networks.map(({ images }) => images))];
  const readers = splits.map((split) => split.batches(size));
  const places = networks.map(({ images }) => splits.indexOf(images));
  try {
    for (;;) {
      const batches: ImageBatch[] = [];
      for (const reader of readers) {
        const { value, done } = await reader.next();
        if (done) return;
        batches.push(value);
      }
      const [{ labels, skipped }] = batches;
      const samples = Array.from(labels, (_, row) =>
        networks.map(({ summary }, index) => singleImage(summary, batches[places[index]].images, row)),
      );
      yield { labels, skipped, samples };
    }
  } finally {
    for (const reader of readers) await reader.return(undefined);
  }
}

function singleImage(
  summary: BackboneSummary,
  images: Float32Array | Uint8Array,
  row: number,
): RuntimeTensor {
  const size = valuesPerImage(summary.input);
  return imageTensor(summary, images.slice(row * size, (row + 1) * size), 1);
}
