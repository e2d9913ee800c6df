import { open, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { makeFolder } from "../../disk/make-folder.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import { encodeNpy, type NpyData, npyHeader } from "../base/npy.ts";
import { writeJson } from "../base/write-outputs.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { valuesPerImage } from "../dataset/splits/input-pixels.ts";

/** The bytes that all images and one file of them may take. */
export interface ImageStore {
  readonly budgetBytes: number;
  readonly shardBytes: number;
}

/** Images read at a time. */
const batchImages = 256;

/** Written last: what is there is whole. */
const wholeFile = "images.json";

const labelsFile = "train.labels.npy";

const wholeSchema = z.object({
  images: z.number().int().positive(),
  files: z.array(z.object({ name: z.string(), bytes: z.number() })),
});

/**
 * Writes a split as memory-mappable `.npy` files, each [N, ...the network's own layout], and its labels.
 * @param split images as bytes, or as the network reads them where the data has no bytes
 * @returns how many images were readable
 * @throws AppError 'output-unwritable', 'data-invalid', 'cancelled'
 */
export async function writeImages(
  split: ImageSplit,
  input: BackboneInput,
  { folder, shardBytes }: Pick<ImageStore, "shardBytes"> & { readonly folder: string },
  job: Job,
): Promise<number> {
  const imageBytes = bytesOfImage(input);
  await rm(folder, { recursive: true, force: true });
  await makeFolder(folder);
  const perShard = Math.max(1, Math.floor(shardBytes / imageBytes));
  const { labels, shards } = await writeShards(split, input, folder, perShard, job);
  const data = Int32Array.from(labels);
  await writeFileAtomically(join(folder, labelsFile), encodeNpy({ shape: [data.length], data }));
  const names = [...shards, labelsFile];
  const bytes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  const files = names.map((name, at) => ({ name, bytes: bytes[at] }));
  await writeJson(folder, wholeFile, { images: labels.length, files });
  return labels.length;
}

/** How many images `writeImages` has written there; nothing if not all of them are. */
export async function writtenImages(folder: string): Promise<number | undefined> {
  try {
    const { images, files } = wholeSchema.parse(JSON.parse(await readFile(join(folder, wholeFile), "utf8")));
    for (const { name, bytes } of files)
      if ((await stat(join(folder, name))).size !== bytes) return undefined;
    return images;
  } catch {
    return undefined;
  }
}

/** Whether images would take more of the disk than they may. */
export function exceedsBudget(count: number, input: BackboneInput, budgetBytes: number): boolean {
  return count * bytesOfImage(input) > budgetBytes;
}

/** That they would, and can't be decoded from their own files either. @param why they can't */
export function overBudget(count: number, input: BackboneInput, budgetBytes: number, why: string): AppError {
  const { height, width } = input;
  const bytes = count * bytesOfImage(input);
  return new AppError(
    "usage",
    `${count} training images of ${height}x${width} take ${gigabytes(bytes)} GB on the disk, more than ${gigabytes(budgetBytes)} GB, and ${why}; ` +
      "allow more, or train on fewer",
    { missing: "imageBudget" },
  );
}

function bytesOfImage(input: BackboneInput): number {
  return valuesPerImage(input) * (input.type === "uint8" ? 1 : 4);
}

function gigabytes(bytes: number): number {
  return Number((bytes / 1e9).toPrecision(2));
}

async function writeShards(
  split: ImageSplit,
  input: BackboneInput,
  folder: string,
  perShard: number,
  job: Job,
): Promise<{ readonly labels: readonly number[]; readonly shards: readonly string[] }> {
  const labels: number[] = [];
  const shards: string[] = [];
  let shard: Shard | undefined;
  try {
    for await (const batch of split.batches(Math.min(batchImages, perShard))) {
      const count = batch.labels.length;
      if (shard && shard.images + count > perShard) {
        await shard.close();
        shard = undefined;
      }
      if (!shard) {
        shards.push(`train-${String(shards.length).padStart(4, "0")}.npy`);
        shard = await openShard(join(folder, shards[shards.length - 1]), input);
      }
      await shard.append(batch.images.subarray(0, count * valuesPerImage(input)), count);
      for (const label of batch.labels) labels.push(label);
      job.report(labels.length, split.count, "writing training images");
      await job.pause();
    }
  } finally {
    await shard?.close();
  }
  return { labels, shards };
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
  await file.writeFile(header(0));
  return {
    get images() {
      return images;
    },
    append: async (values, count) => {
      await file.writeFile(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
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
