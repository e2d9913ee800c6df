import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { hashFile, hashOf } from "../base/hash.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { imageBytes, inputArray, valuesPerImage } from "../dataset/splits/input-pixels.ts";
import type { LazyFile, PackedFiles } from "./job-kind.ts";
import { createImageStore, openStoredImages } from "./stored-images.ts";

/**
 * Images as a network reads them, in the batches in which they were read: which images run together decides on the last bits of
 * what comes out. They lie in parts of whole batches, files of which each travels once whatever jobs need it.
 */
const packedSchema = z.object({
  /** Images of the split, unreadable ones included. */
  count: z.number().int().nonnegative(),
  /** Per part the readable images of each of its batches, of which none is empty. */
  parts: z.array(z.array(z.number().int().positive())).max(4096),
});

type Packed = Readonly<z.infer<typeof packedSchema>>;

const listFile = "batches.json";
const labelsFile = "labels.bin";
const partFile = (part: number) => `images-${part}.bin`;

/** A part is what travels at once, and what a range is made of; a job has at most 256 files. In bytes as the network reads them. */
const partBytes = 16e6;
const fewestParts = 16;
const mostParts = 200;

const maxListBytes = 64e6;

/**
 * Reads a split and writes it, part by part, into an empty folder.
 * @param size images in a batch, as `batchSize` of the network says
 * @throws what reading images throws, 'cancelled'
 */
export async function packBatches(
  split: ImageSplit,
  input: BackboneInput,
  size: number,
  folder: string,
  job: Job,
): Promise<void> {
  const values = valuesPerImage(input);
  const totalBytes = split.count * imageBytes(input);
  const wanted = Math.max(Math.min(partBytes, totalBytes / fewestParts), totalBytes / mostParts);
  const parts: number[][] = [];
  const labels: Int32Array[] = [];
  let [rows, bytes, waiting, done] = [[] as number[], 0, createImageStore(input), 0];
  const end = async () => {
    if (rows.length === 0) return;
    await writeFile(join(folder, partFile(parts.length)), waiting.pieces());
    parts.push(rows);
    [rows, bytes, waiting] = [[], 0, createImageStore(input)];
  };
  for await (const batch of split.batches(size)) {
    const count = batch.labels.length;
    done += count + batch.skipped.length;
    job.report(done, split.count, "packing images");
    await job.pause();
    if (count === 0) continue;
    const own = batch.images.subarray(0, count * values);
    waiting.add(own);
    rows.push(count);
    labels.push(batch.labels.slice());
    bytes += own.byteLength;
    if (bytes >= wanted) await end();
  }
  await end();
  await writeFile(join(folder, labelsFile), labels);
  await writeFile(join(folder, listFile), JSON.stringify({ count: split.count, parts } satisfies Packed));
}

/** Some neighbouring parts of a packed split. */
export interface BatchRange {
  /** Readable images before them in the split, and theirs. */
  readonly start: number;
  readonly samples: number;
  /** In the split's order; as a split they have no unreadable images. */
  readonly images: ImageSplit;
  /** What a worker has to be sent to have them. */
  readonly files: PackedFiles;
}

/** A split that was packed. */
export interface PackedBatches {
  /** Right classes of the readable images. */
  readonly labels: Int32Array;
  /** Readable images in each part. */
  readonly partSamples: readonly number[];
  range(from: number, to: number): BatchRange;
  /** What tells these images from any others. */
  hash(job: Job): Promise<string>;
}

/** @throws AppError 'file-invalid' if the folder's files don't belong together */
export async function openBatches(folder: string, input: BackboneInput): Promise<PackedBatches> {
  const { size: listBytes } = await stat(join(folder, listFile));
  if (listBytes > maxListBytes) throw contradicting(`their list takes ${listBytes} bytes`);
  const { count, parts } = packedSchema.parse(JSON.parse(await readFile(join(folder, listFile), "utf8")));
  const labels = new Int32Array(new Uint8Array(await readFile(join(folder, labelsFile))).buffer);
  const partSamples = parts.map((rows) => rows.reduce((sum, own) => sum + own, 0));
  const starts = [0];
  for (const samples of partSamples) starts.push(starts[starts.length - 1] + samples);
  if (labels.length !== starts[parts.length])
    throw contradicting(`there are ${labels.length} classes for ${starts[parts.length]} images`);
  const paths = parts.map((_, part) => join(folder, partFile(part)));
  for (const [part, samples] of partSamples.entries())
    await (await openStoredImages(paths[part], input, samples)).close();
  const lazy = paths.map((path): LazyFile => ({ bytes: () => readFile(path) }));
  return {
    labels,
    partSamples,
    hash: async (job) => {
      const hashes = [];
      for (const path of [join(folder, listFile), join(folder, labelsFile), ...paths])
        hashes.push(await hashFile(path, job));
      return hashOf(hashes);
    },
    range: (from, to) => {
      const isWhole = from === 0 && to === parts.length;
      const own = parts.slice(from, to);
      const [start, end] = [starts[from], starts[to]];
      const samples = end - start;
      const ofRange = labels.subarray(start, end);
      const kept = isWhole ? count : samples;
      const list: Packed = { count: kept, parts: own };
      return {
        start,
        samples,
        images: storedSplit(paths.slice(from, to), own, ofRange, kept, input),
        files: {
          [listFile]: new TextEncoder().encode(JSON.stringify(list)),
          [labelsFile]: new Uint8Array(ofRange.slice().buffer),
          ...Object.fromEntries(lazy.slice(from, to).map((file, part) => [partFile(part), file])),
        },
      };
    },
  };
}

/** Batches come as they were packed, whatever size is asked for; a larger one is none of this network. */
function storedSplit(
  paths: readonly string[],
  parts: readonly (readonly number[])[],
  labels: Int32Array,
  count: number,
  input: BackboneInput,
): ImageSplit {
  return {
    count,
    unreadable: new Map(),
    async *batches(size) {
      const images = inputArray(input, size);
      let at = 0;
      for (const [part, rows] of parts.entries()) {
        const total = rows.reduce((sum, own) => sum + own, 0);
        const stored = await openStoredImages(paths[part], input, total);
        try {
          let read = 0;
          for (const count of rows) {
            if (count > size) throw contradicting(`a batch has ${count} images, expected at most ${size}`);
            await stored.read(images, read, count);
            read += count;
            const indices = Int32Array.from({ length: count }, (_, row) => at + row);
            yield { images, labels: labels.slice(at, at + count), indices, skipped: [] };
            at += count;
          }
        } finally {
          await stored.close();
        }
      }
    },
  };
}

function contradicting(what: string): AppError {
  return new AppError("file-invalid", `the packed images contradict themselves: ${what}`);
}
