import { basename, extname, join } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";
import { listNames } from "../../../../shared/base/plain-name.ts";
import { type ByteRange, type OpenFiles, withOpenFiles } from "../../base/byte-range.ts";
import { openNpz } from "../../base/npz.ts";
import { filesIn, pathKind } from "../../base/paths.ts";
import { readArrayImages } from "../arrays/array-images.ts";
import { type ArrayPart, arraySource } from "../arrays/array-source.ts";
import { numberLabels, readLabels, type StatedLabels } from "../classes/labels.ts";
import { type DatasetFormat, type PartName, partNamed } from "../dataset-source.ts";

/**
 * NumPy arrays: a .npz file, a folder of train.npz, val.npz and test.npz, or a folder of files of one array each. Arrays
 * are found by name: `x_train` and `y_train`, `images` and `labels`, `train-images.npy` and `train-labels.npy`,
 * `kmnist-train-imgs.npz` and `kmnist-train-labels.npz`, and the like.
 */
export const npzFormat: DatasetFormat = {
  id: "npz",
  title: "NumPy arrays",
  layout:
    "a .npz file (images and labels, or x_train, y_train, x_test, y_test), or a folder of train.npz and test.npz, or of " +
    "images.npy and labels.npy (classes.txt beside them names the classes)",
  detect: async (path) => {
    if ((await pathKind(path)) !== "folder") return extname(path).toLowerCase() === ".npz";
    const names = await filesIn(path, /\.np[yz]$/i);
    return splitArchives(names).size > 0 || pairArrays(arrayFiles(names), path).size > 0;
  },
  open: (path) =>
    withOpenFiles(path, async (open) => {
      const isFolder = (await pathKind(path)) === "folder";
      const found = isFolder ? await inFolder(path, open) : await inArchive(path, open);
      const stated = new Map<PartName, StatedLabels>();
      for (const [part, { labels }] of found.pairs) stated.set(part, await readLabels(labels));
      const { labels, ...classes } = numberLabels(stated, undefined, path);
      const parts: Partial<Record<PartName, ArrayPart>> = {};
      const notes = new Set<string>();
      for (const [part, pair] of found.pairs) {
        const { rows, decode, note } = await readArrayImages(pair.images);
        if (note !== undefined) notes.add(note);
        const [imagesAt, labelsAt] = [pair.images.where, pair.labels.where];
        parts[part] = { imagesAt, labelsAt, labels: labels.get(part)!, rows, decode };
      }
      const { files } = found;
      const format = npzFormat.id;
      return arraySource({ path, format, ...classes, parts, files, open, notes: [...notes] });
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
    `${path}: holds the arrays ${listNames(archive.names) || "(none)"}, expected images and labels, x and y, ` +
      "or x_train, y_train, x_test and y_test",
  );
}

async function inFolder(path: string, open: OpenFiles): Promise<FoundArrays> {
  const names = await filesIn(path, /\.np[yz]$/i);
  const archives = splitArchives(names);
  if (archives.size === 0) return pairedFiles(path, arrayFiles(names), open);
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

/** Files of one array each, .npy or .npz, in pairs of images and labels. */
async function pairedFiles(path: string, names: readonly string[], open: OpenFiles): Promise<FoundArrays> {
  const files: string[] = [];
  const openArray = (name: string) => {
    const file = join(path, name);
    files.push(file);
    return isArchive(name) ? onlyArray(file, open) : open.open(file);
  };
  const pairs = new Map<PartName, Pair<ByteRange>>();
  for (const [part, { images, labels }] of pairArrays(names, path)) {
    pairs.set(part, { images: await openArray(images), labels: await openArray(labels) });
  }
  return { files, pairs };
}

async function onlyArray(file: string, open: OpenFiles): Promise<ByteRange> {
  const archive = await openNpz(await open.open(file));
  if (archive.names.length === 1) return archive.member(archive.names[0]);
  throw new AppError(
    "data-invalid",
    `${file}: holds the arrays ${listNames(archive.names) || "(none)"}, expected one, as its name says what it holds`,
  );
}

/**
 * Pairs arrays of images with arrays of labels by the words in their names; arrays named otherwise are left out.
 * @throws AppError 'data-invalid' if one of a pair is missing, or two arrays claim the same place
 */
export function pairArrays(names: readonly string[], where: string): Map<PartName, Pair<string>> {
  const found = { images: new Map<PartName, string>(), labels: new Map<PartName, string>() };
  const title = sharedTitle(names);
  for (const name of names) {
    const meaning = meaningOf(wordsOf(name).slice(title));
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

const IMAGE_WORDS = new Set(["images", "image", "imgs", "x", "data"]);
const LABEL_WORDS = new Set(["labels", "label", "y", "targets", "target"]);

function wordsOf(name: string): string[] {
  return name
    .toLowerCase()
    .replace(/\.np[yz]$/, "")
    .split(/[-_. ]+/);
}

/** How many words all names start with that mean nothing here, such as the data set's: "kmnist-train-imgs". */
function sharedTitle(names: readonly string[]): number {
  const [first = [], ...others] = names.map(wordsOf);
  const ends = first.findIndex(
    (word, place) =>
      IMAGE_WORDS.has(word) ||
      LABEL_WORDS.has(word) ||
      partNamed(word) !== undefined ||
      others.some((words) => words[place] !== word),
  );
  return Math.max(0, ends);
}

/** What an array holds by its name: one word for the kind and at most one for the part. */
function meaningOf(words: readonly string[]): { kind: "images" | "labels"; part: PartName } | undefined {
  const parts = words.map(partNamed).filter((part) => part !== undefined);
  const images = words.filter((word) => IMAGE_WORDS.has(word)).length;
  const labels = words.filter((word) => LABEL_WORDS.has(word)).length;
  if (images + labels !== 1 || parts.length > 1 || words.length !== 1 + parts.length) return undefined;
  return { kind: images === 1 ? "images" : "labels", part: parts[0] ?? "all" };
}

/** Archives by the part that they are named after, such as train.npz. */
function splitArchives(names: readonly string[]): Map<PartName, string> {
  const archives = new Map<PartName, string>();
  for (const name of names.filter(isArchive)) {
    const part = partNamed(basename(name, extname(name)));
    if (part !== undefined) archives.set(part, name);
  }
  return archives;
}

function isArchive(name: string): boolean {
  return name.toLowerCase().endsWith(".npz");
}

/** The files that may hold one array each. */
export function arrayFiles(names: readonly string[]): string[] {
  return names.filter((name) => isArchive(name) || name.toLowerCase().endsWith(".npy"));
}
