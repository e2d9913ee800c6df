import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { hashFile, hashOf } from "../base/hash.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { imageBytes, inputArray, valuesPerImage } from "../dataset/splits/input-pixels.ts";
import type { ImageBatch } from "../dataset/splits/read-batch.ts";
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

const maxListBytes = 64e6;

/** A part is what travels at once, and what a range is made of; a job has at most 256 files. In bytes as the network reads them. */
const partBytes = 16e6;
const fewestParts = 16;
const mostParts = 200;

/**
 * Batches in a part.
 * @param count images of the split
 * @param size images in a batch
 */
export function batchesInPart(count: number, input: BackboneInput, size: number): number {
  const totalBytes = count * imageBytes(input);
  const wanted = Math.max(Math.min(partBytes, totalBytes / fewestParts), totalBytes / mostParts);
  return Math.max(1, Math.ceil(wanted / (size * imageBytes(input))));
}

/**
 * Writes batches into an empty folder, as one part.
 * @throws what reading images throws
 */
export async function packPart(
  batches: AsyncIterable<ImageBatch>,
  input: BackboneInput,
  folder: string,
): Promise<void> {
  const values = valuesPerImage(input);
  const images = createImageStore(input);
  const rows: number[] = [];
  const labels: Int32Array[] = [];
  for await (const batch of batches) {
    const count = batch.labels.length;
    if (count === 0) continue;
    images.add(batch.images.subarray(0, count * values));
    rows.push(count);
    labels.push(batch.labels.slice());
  }
  const parts = rows.length > 0 ? [rows] : [];
  if (rows.length > 0) await writeFile(join(folder, partFile(0)), images.pieces());
  await writeFile(join(folder, labelsFile), labels);
  await writeFile(join(folder, listFile), JSON.stringify({ count: sumOf(rows), parts } satisfies Packed));
}

/** Batches in a file. */
interface PackedPart {
  /** Readable images of each. */
  readonly rows: readonly number[];
  readonly path: string;
  /** What travels. */
  readonly file: LazyFile;
}

/** Neighbouring batches of a split. */
export interface PackedBatches {
  /** Images of the split, unreadable ones included, where it is all of it; else the readable ones. */
  readonly count: number;
  /** Right classes of the readable images. */
  readonly labels: Int32Array;
  readonly parts: readonly PackedPart[];
}

/** @throws AppError 'file-invalid' if the folder's files don't belong together */
export async function openBatches(folder: string, input: BackboneInput): Promise<PackedBatches> {
  const { size: listBytes } = await stat(join(folder, listFile));
  if (listBytes > maxListBytes) throw contradicting(`their list takes ${listBytes} bytes`);
  const { count, parts } = packedSchema.parse(JSON.parse(await readFile(join(folder, listFile), "utf8")));
  const labels = new Int32Array(new Uint8Array(await readFile(join(folder, labelsFile))).buffer);
  const samples = parts.map(sumOf);
  if (labels.length !== sumOf(samples))
    throw contradicting(`there are ${labels.length} classes for ${sumOf(samples)} images`);
  const paths = parts.map((_, part) => join(folder, partFile(part)));
  for (const [part, path] of paths.entries())
    await (await openStoredImages(path, input, samples[part])).close();
  const opened = parts.map((rows, part) => {
    const path = paths[part];
    return { rows, path, file: { bytes: () => readFile(path) } };
  });
  return { count, labels, parts: opened };
}

/** What tells batches in a folder from any others. @throws AppError 'cancelled' */
export async function hashOfBatches(folder: string, { parts }: PackedBatches, job: Job): Promise<string> {
  const own = [join(folder, listFile), join(folder, labelsFile), ...parts.map(({ path }) => path)];
  const hashes = [];
  for (const path of own) hashes.push(await hashFile(path, job));
  return hashOf(hashes);
}

/** Batches that follow each other, as one. */
export function joinBatches(packed: readonly PackedBatches[]): PackedBatches {
  const labels = new Int32Array(sumOf(packed.map((own) => own.labels.length)));
  let at = 0;
  for (const own of packed) {
    labels.set(own.labels, at);
    at += own.labels.length;
  }
  return {
    count: sumOf(packed.map(({ count }) => count)),
    labels,
    parts: packed.flatMap(({ parts }) => parts),
  };
}

/** Neighbouring batches as images that can be run, and sent. */
export interface BatchRange {
  /** Right classes of the images. */
  readonly labels: Int32Array;
  /** In the split's order; as a split they have no unreadable images. */
  readonly images: ImageSplit;
  /** What a worker has to be sent to have them. */
  readonly files: PackedFiles;
}

export function rangeOf({ count, labels, parts }: PackedBatches, input: BackboneInput): BatchRange {
  const list: Packed = { count, parts: parts.map(({ rows }) => [...rows]) };
  return {
    labels,
    images: storedSplit({ count, labels, parts }, input),
    files: {
      [listFile]: new TextEncoder().encode(JSON.stringify(list)),
      [labelsFile]: new Uint8Array(labels.slice().buffer),
      ...Object.fromEntries(parts.map(({ file }, part) => [partFile(part), file])),
    },
  };
}

/** Batches come as they were packed, whatever size is asked for; a larger one is none of this network. */
function storedSplit({ count, labels, parts }: PackedBatches, input: BackboneInput): ImageSplit {
  return {
    count,
    unreadable: new Map(),
    async *batches(size) {
      const images = inputArray(input, size);
      let at = 0;
      for (const { rows, path } of parts) {
        const stored = await openStoredImages(path, input, sumOf(rows));
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

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function contradicting(what: string): AppError {
  return new AppError("file-invalid", `the packed images contradict themselves: ${what}`);
}
