import { open } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import { encodeNpy, type NpyData, npyHeader } from "../base/npy.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { valuesPerImage } from "../dataset/splits/input-pixels.ts";

/** Where images go, and the bytes that all and one file of them may take. */
export interface ImageStore {
  readonly folder: string;
  readonly budgetBytes: number;
  readonly shardBytes: number;
}

/** Images read at a time. */
const batchImages = 256;

/**
 * Writes a split as memory-mappable `.npy` files, each [N, ...the network's own layout], and its labels.
 * @param split images as bytes, or as the network reads them where the data has no bytes
 * @returns how many images were readable
 * @throws AppError 'usage' if they take more than the budget, 'output-unwritable', 'data-invalid', 'cancelled'
 */
export async function writeImages(
  split: ImageSplit,
  input: BackboneInput,
  { folder, budgetBytes, shardBytes }: ImageStore,
  job: Job,
): Promise<number> {
  const imageBytes = valuesPerImage(input) * (input.type === "uint8" ? 1 : 4);
  const bytes = split.count * imageBytes;
  if (bytes > budgetBytes)
    throw new AppError(
      "usage",
      `${split.count} training images of ${input.height}x${input.width} take ${gigabytes(bytes)}, more than ${gigabytes(budgetBytes)}; ` +
        "raise --image-budget, or train on fewer with --train-limit",
    );
  const perShard = Math.max(1, Math.floor(shardBytes / imageBytes));
  const labels: number[] = [];
  let shard: Shard | undefined;
  let shards = 0;
  try {
    for await (const batch of split.batches(Math.min(batchImages, perShard))) {
      const count = batch.labels.length;
      if (shard && shard.images + count > perShard) {
        await shard.close();
        shard = undefined;
      }
      shard ??= await openShard(join(folder, `train-${String(shards++).padStart(4, "0")}.npy`), input);
      await shard.append(batch.images.subarray(0, count * valuesPerImage(input)), count);
      labels.push(...batch.labels);
      job.report(labels.length, split.count, "writing training images");
      await job.pause();
    }
  } finally {
    await shard?.close();
  }
  const data = Int32Array.from(labels);
  await writeFileAtomically(join(folder, "train.labels.npy"), encodeNpy({ shape: [data.length], data }));
  return labels.length;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(2)} GB`;
}

interface Shard {
  readonly images: number;
  append(values: NpyData, count: number): Promise<void>;
  close(): Promise<void>;
}

/** A file that grows by images; its header is written again at the end, when their number is known. */
async function openShard(path: string, input: BackboneInput): Promise<Shard> {
  const file = await open(path, "w");
  const { channels, height, width } = input;
  const one = input.layout === "NCHW" ? [channels, height, width] : [height, width, channels];
  const header = (images: number) =>
    npyHeader(input.type === "uint8" ? "u1" : "f4", [images, ...one], headerBytes);
  let images = 0;
  await file.write(header(0));
  return {
    get images() {
      return images;
    },
    append: async (values, count) => {
      await file.write(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      images += count;
    },
    close: async () => {
      await file.write(header(images), 0, headerBytes, 0);
      await file.close();
    },
  };
}

/** Room for any number of images. */
const headerBytes = 128;
