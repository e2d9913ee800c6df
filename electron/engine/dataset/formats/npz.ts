import { basename, extname, join } from "node:path";
import { AppError } from "../../../../shared/errors.ts";
import { type ArrayPart, arraySource, interleave } from "../array-source.ts";
import { type ByteRange, type OpenFiles, subRange, withOpenFiles } from "../byte-range.ts";
import { labelsOf } from "../class-names.ts";
import { type DatasetFormat, type PartName, partNamed, type RawImage } from "../dataset-source.ts";
import { type NpyHeader, type NpyType, npyItems, readNpy, readNpyHeader } from "../npy.ts";
import { openNpz } from "../npz.ts";
import { namesIn, pathKind } from "../paths.ts";
import { rowsOf } from "../rows.ts";

/**
 * NumPy arrays: a .npz file, a folder of train.npz, val.npz and test.npz, or a folder of .npy files. Arrays are found
 * by name: `x_train` and `y_train`, `images` and `labels`, `train-images.npy` and `train-labels.npy`, and the like.
 */
export const npzFormat: DatasetFormat = {
  id: "npz",
  title: "NumPy arrays",
  layout:
    "a .npz file (arrays images and labels, or x_train, y_train, x_test, y_test), a folder of train.npz and test.npz, " +
    "or a folder of images.npy and labels.npy (classes.txt beside them names the classes)",
  detect: async (path) => {
    if ((await pathKind(path)) !== "folder") return extname(path).toLowerCase() === ".npz";
    const names = await namesIn(path);
    return splitArchives(names).size > 0 || pairArrays(npyNames(names), path).size > 0;
  },
  open: (path) =>
    withOpenFiles(async (open) => {
      const isFolder = (await pathKind(path)) === "folder";
      const found = isFolder ? await inFolder(path, open) : await inArchive(path, open);
      const parts: Partial<Record<PartName, ArrayPart>> = {};
      for (const [part, pair] of found.pairs) parts[part] = await arrayPart(pair);
      return arraySource({ path, format: npzFormat.id, parts, files: found.files, open });
    }),
};

interface Pair<T> {
  readonly images: T;
  readonly labels: T;
}

interface FoundArrays {
  readonly files: readonly string[];
  readonly pairs: ReadonlyMap<PartName, Pair<ByteRange>>;
}

async function inArchive(path: string, open: OpenFiles): Promise<FoundArrays> {
  const archive = await openNpz(await open.open(path));
  const pairs = new Map<PartName, Pair<ByteRange>>();
  for (const [part, { images, labels }] of pairArrays(archive.names, path)) {
    pairs.set(part, { images: await archive.member(images), labels: await archive.member(labels) });
  }
  if (pairs.size > 0) return { files: [path], pairs };
  throw new AppError(
    "data-invalid",
    `${path}: holds the arrays ${archive.names.join(", ") || "(none)"}, expected images and labels, x and y, ` +
      "or x_train, y_train, x_test and y_test",
  );
}

async function inFolder(path: string, open: OpenFiles): Promise<FoundArrays> {
  const names = await namesIn(path);
  const archives = splitArchives(names);
  if (archives.size === 0) return npyPairs(path, names, open);
  const files: string[] = [];
  const pairs = new Map<PartName, Pair<ByteRange>>();
  for (const [part, name] of archives) {
    const file = join(path, name);
    const inside = await inArchive(file, open);
    const pair = inside.pairs.get("all") ?? inside.pairs.get(part);
    if (pair === undefined || inside.pairs.size > 1) {
      throw new AppError("data-invalid", `${file}: expected one pair of arrays, images and labels`);
    }
    files.push(file);
    pairs.set(part, pair);
  }
  return { files, pairs };
}

async function npyPairs(path: string, names: readonly string[], open: OpenFiles): Promise<FoundArrays> {
  const files: string[] = [];
  const openArray = (name: string) => {
    files.push(join(path, name));
    return open.open(join(path, name));
  };
  const pairs = new Map<PartName, Pair<ByteRange>>();
  for (const [part, { images, labels }] of pairArrays(npyNames(names), path)) {
    pairs.set(part, { images: await openArray(images), labels: await openArray(labels) });
  }
  return { files, pairs };
}

/**
 * Pairs arrays of images with arrays of labels by the words in their names; arrays named otherwise are left out.
 * @throws AppError 'data-invalid' if one of a pair is missing, or two arrays claim the same place
 */
function pairArrays(names: readonly string[], where: string): Map<PartName, Pair<string>> {
  const found = { images: new Map<PartName, string>(), labels: new Map<PartName, string>() };
  for (const name of names) {
    const meaning = meaningOf(name);
    if (meaning === undefined) continue;
    const { kind, part } = meaning;
    const other = found[kind].get(part);
    if (other !== undefined) {
      throw new AppError("data-invalid", `${where}: both ${other} and ${name} could be the ${part} ${kind}`);
    }
    found[kind].set(part, name);
  }
  const pairs = new Map<PartName, Pair<string>>();
  for (const [part, images] of found.images) {
    const labels = found.labels.get(part);
    if (labels === undefined)
      throw new AppError("data-invalid", `${where}: has ${images}, but no labels for it`);
    pairs.set(part, { images, labels });
  }
  if (pairs.has("all") && pairs.size > 1) {
    throw new AppError(
      "data-invalid",
      `${where}: ${pairs.get("all")?.images} isn't named after a part, others are`,
    );
  }
  return pairs;
}

const IMAGE_WORDS = new Set(["images", "image", "x", "data"]);
const LABEL_WORDS = new Set(["labels", "label", "y", "targets", "target"]);

/** What an array holds by its name: one word for the kind and at most one for the part. */
function meaningOf(name: string): { kind: "images" | "labels"; part: PartName } | undefined {
  const words = name
    .toLowerCase()
    .replace(/\.npy$/, "")
    .split(/[-_. ]+/);
  const parts = words.map(partNamed).filter((part) => part !== undefined);
  const images = words.filter((word) => IMAGE_WORDS.has(word)).length;
  const labels = words.filter((word) => LABEL_WORDS.has(word)).length;
  if (images + labels !== 1 || parts.length > 1 || words.length !== 1 + parts.length) return undefined;
  return { kind: images === 1 ? "images" : "labels", part: parts[0] ?? "all" };
}

/** File names by the part that they are named after, such as train.npz. */
function splitArchives(names: readonly string[]): Map<PartName, string> {
  const archives = new Map<PartName, string>();
  for (const name of names.filter((name) => extname(name).toLowerCase() === ".npz")) {
    const part = partNamed(basename(name, extname(name)));
    if (part !== undefined) archives.set(part, name);
  }
  return archives;
}

function npyNames(names: readonly string[]): string[] {
  return names.filter((name) => name.toLowerCase().endsWith(".npy"));
}

async function arrayPart(pair: Pair<ByteRange>): Promise<ArrayPart> {
  const header = await readNpyHeader(pair.images);
  const { rowBytes, decode } = imageRows(header, pair.images.where);
  const items = subRange(pair.images, header.dataStart, header.items * header.itemBytes);
  return {
    imagesAt: pair.images.where,
    labelsAt: pair.labels.where,
    labels: labelsOf(await readNpy(pair.labels), pair.labels.where),
    rows: rowsOf(items, rowBytes, header.shape[0]),
    decode,
  };
}

/** How to take the rows of an array as images: [n, h, w], [n, h, w, c] or [n, c, h, w]. */
function imageRows(
  header: NpyHeader,
  where: string,
): { rowBytes: number; decode(row: Uint8Array): RawImage } {
  const { type, shape, itemBytes } = header;
  const isPlanar = shape.length === 4 && shape[3] > 4 && shape[1] <= 4;
  const [height, width, channels] = isPlanar
    ? [shape[2], shape[3], shape[1]]
    : [shape[1], shape[2], shape[3] ?? 1];
  const isImages =
    (shape.length === 3 || shape.length === 4) && channels <= 4 && height * width * channels > 0;
  if (!isImages) {
    throw new AppError(
      "data-invalid",
      `${where}: has shape [${shape.join(", ")}], expected images as [n, height, width], ` +
        "[n, height, width, channels] or [n, channels, height, width]",
    );
  }
  const decode = (row: Uint8Array): RawImage => {
    const pixels = pixelsOf(type, row);
    return { width, height, channels, data: isPlanar ? interleave(pixels, channels) : pixels };
  };
  return { rowBytes: height * width * channels * itemBytes, decode };
}

function pixelsOf(type: NpyType, row: Uint8Array): Uint8Array | Float32Array {
  const items = npyItems(type, row);
  if (items instanceof Float32Array || type === "u1") return items as Float32Array | Uint8Array;
  return Float32Array.from(items as ArrayLike<number | bigint>, Number);
}
