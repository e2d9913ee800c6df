import type { BackboneSummary } from "../../../shared/model/backbone.ts";
import type { RawImage } from "../dataset/images/raw-image.ts";
import type { DecodableSplit, ImageSplit } from "../dataset/splits/image-split.ts";
import { valuesPerImage } from "../dataset/splits/input-pixels.ts";
import type { DecodedBatch, ImageBatch } from "../dataset/splits/read-batch.ts";
import { imageTensor } from "../dataset/splits/run-images.ts";
import type { RuntimeTensor } from "../onnx/runtime.ts";

/** A split as a network reads it. */
export interface NetworkImages {
  readonly summary: BackboneSummary;
  readonly images: ImageSplit;
  /** What is given instead, if not the image as the network reads it. */
  readonly given?: (image: RuntimeTensor) => RuntimeTensor;
  /** What has to be done for the image while the clock runs; it is ready before that if absent. */
  readonly making?: Making;
}

type DecodedImages = Pick<DecodableSplit, "decoded" | "exampleBytes">;

/** How an image is made of what is at hand: of the decoded image, or of the first network's by operators. */
export type Making =
  | {
      readonly kind: "decoded";
      readonly images: DecodedImages;
      /** @param place where the decoded image lies, for messages */
      make(image: RawImage, place: string): RuntimeTensor;
    }
  | { readonly kind: "operators"; run(first: RuntimeTensor): Promise<unknown> };

/** An image that a network is given: as it is, or made when it is asked for. */
export type SampleImage = RuntimeTensor | (() => RuntimeTensor | Promise<RuntimeTensor>);

/** One sample as each of several networks reads it. */
export type SampleImages = readonly SampleImage[];

/** Samples, a batch at a time, with what was left out of it. */
export interface SampleBatch extends Pick<ImageBatch, "labels" | "skipped"> {
  readonly samples: readonly SampleImages[];
}

/** The image as the network's tensor: what it takes to make it is spent here. */
export function tensorOf(image: SampleImage): RuntimeTensor | Promise<RuntimeTensor> {
  return typeof image === "function" ? image() : image;
}

/** The same samples as several networks read them, image by image; one split is read at a time where they share it. */
export async function* sampleBatches(
  networks: readonly NetworkImages[],
  size: number,
): AsyncGenerator<SampleBatch> {
  const columns = columnsOf(networks, size);
  const readers = [...new Set(columns.map(({ reader }) => reader))];
  try {
    for (;;) {
      const batches = new Map<AnyReader, ImageBatch | DecodedBatch>();
      for (const reader of readers) {
        const { value, done } = await reader.next();
        if (done) return;
        batches.set(reader, value);
      }
      const [{ labels, skipped }] = batches.values();
      const samples = Array.from(labels, (_, row) => sampleOf(columns, batches, row));
      yield { labels, skipped, samples };
    }
  } finally {
    for (const reader of readers) await reader.return(undefined);
  }
}

type AnyReader = AsyncGenerator<ImageBatch | DecodedBatch>;

/** One network's images: the reader that they come from, and how one of a batch becomes what it is given. */
interface Column {
  readonly reader: AnyReader;
  imageOf(batch: ImageBatch | DecodedBatch, row: number, first: SampleImage | undefined): SampleImage;
}

function columnsOf(networks: readonly NetworkImages[], size: number): Column[] {
  const shared = new Map<ImageSplit, AnyReader>();
  const sharedDecoded = new Map<DecodedImages, AnyReader>();
  return networks.map(({ summary, images, making, given = (image) => image }): Column => {
    if (making?.kind === "decoded") {
      const imageOf = (batch: ImageBatch | DecodedBatch, row: number) => {
        const { images: decoded, places } = batch as DecodedBatch;
        return () => given(making.make(decoded[row], places[row]));
      };
      const reader = sharedDecoded.get(making.images) ?? making.images.decoded(size);
      sharedDecoded.set(making.images, reader);
      return { reader, imageOf };
    }
    const reader = shared.get(images) ?? images.batches(size);
    shared.set(images, reader);
    const imageOf: Column["imageOf"] = (batch, row, first) => {
      const ready = given(singleImage(summary, (batch as ImageBatch).images, row));
      if (!making || first === undefined) return ready;
      return async () => {
        await making.run(await tensorOf(first));
        return ready;
      };
    };
    return { reader, imageOf };
  });
}

function sampleOf(
  columns: readonly Column[],
  batches: ReadonlyMap<AnyReader, ImageBatch | DecodedBatch>,
  row: number,
): SampleImages {
  const images: SampleImage[] = [];
  for (const { reader, imageOf } of columns) images.push(imageOf(batches.get(reader)!, row, images[0]));
  return images;
}

function singleImage(
  summary: BackboneSummary,
  images: Float32Array | Uint8Array,
  row: number,
): RuntimeTensor {
  const size = valuesPerImage(summary.input);
  return imageTensor(summary, images.slice(row * size, (row + 1) * size), 1);
}
