import type { BackboneInput } from "../../../../../shared/model/backbone.ts";
import type { DecodableSplit, ImageSplit } from "../../../dataset/splits/image-split.ts";
import { imageBytes } from "../../../dataset/splits/input-pixels.ts";
import type { JobFiles } from "../../../jobs/job-kind.ts";
import { packDecoded } from "../../../jobs/packed-decoded.ts";
import { packImages } from "../../../jobs/packed-images.ts";
import { chooseSamples } from "../../../verify/choose-samples.ts";

/** Images as a network reads them, and the job's file that they go to. */
export interface SentImages {
  readonly file: string;
  readonly input: BackboneInput;
  readonly split: ImageSplit;
}

/** The same of images as they were decoded. */
export type SentDecoded = Omit<SentImages, "input"> & {
  readonly split: Pick<DecodableSplit, "decoded" | "exampleBytes">;
};

/** The same samples of a split as each network needs them. */
interface FittingImages {
  /** In the split, rising. */
  readonly places: Int32Array;
  /** Right classes, as the data has them. */
  readonly labels: Int32Array;
  readonly files: JobFiles;
}

const together = () => Promise.resolve();

/**
 * Packs a split's images: all, or as many as fit, drawn class by class, one at least. How many decoded ones do is found by packing them, for each
 * may have a size of its own.
 * @param made of one split, one network at least
 * @param labels class per sample by which they are drawn
 * @param maxBytes of all images together, as the networks read them and as they were decoded
 * @throws AppError 'shape-mismatch' if the split has fewer samples
 */
export async function packFitting(
  { made, decoded }: { readonly made: readonly SentImages[]; readonly decoded: readonly SentDecoded[] },
  labels: Int32Array,
  maxBytes: number,
): Promise<FittingImages> {
  const madeBytes = made.reduce((sum, { input }) => sum + imageBytes(input), 0);
  const fitting = (sampleBytes: number) => Math.max(1, Math.floor(maxBytes / sampleBytes));
  let count = Math.min(labels.length, fitting(madeBytes));
  for (;;) {
    const places = chooseSamples(labels, count);
    const packed = await packAll(decoded, places, maxBytes);
    const sampleBytes = madeBytes + packed.sampleBytes;
    if (count <= 1 || (packed.isComplete && count * sampleBytes <= maxBytes))
      return { places, ...(await packMade(made, places, packed.files)) };
    count = Math.min(count - 1, fitting(sampleBytes));
  }
}

/** Decoded images of all networks that need them. */
async function packAll(decoded: readonly SentDecoded[], places: Int32Array, maxBytes: number) {
  const files: Record<string, Uint8Array> = {};
  let [sampleBytes, isComplete] = [0, true];
  for (const { file, split } of decoded) {
    const packed = await packDecoded(split, places, maxBytes, together);
    files[file] = packed.file;
    sampleBytes += packed.file.length / Math.max(1, packed.count);
    isComplete &&= packed.count === places.length;
  }
  return { files, sampleBytes, isComplete };
}

async function packMade(
  made: readonly SentImages[],
  places: Int32Array,
  others: JobFiles,
): Promise<Pick<FittingImages, "labels" | "files">> {
  const files: Record<string, Uint8Array> = { ...others };
  let labels: Int32Array = new Int32Array();
  for (const { file, input, split } of made) {
    const packed = await packImages(split, input, places, together);
    files[file] = packed.images;
    labels = packed.labels;
  }
  return { labels, files };
}
