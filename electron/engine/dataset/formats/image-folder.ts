import type { Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import sharp from "sharp";
import { AppError } from "../../../../shared/errors.ts";
import type { Job } from "../../../../shared/job.ts";
import {
  type DatasetFormat,
  type DatasetSource,
  type PartName,
  partNamed,
  type RawImage,
  type UnreadableImage,
} from "../dataset-source.ts";
import { listingFingerprint } from "../fingerprint.ts";
import { isMissing, pathKind, unreadable } from "../paths.ts";
import { byCodePoint } from "../sort-names.ts";

/**
 * Folders named after their class, as torchvision's ImageFolder and Keras read them; either at the root, or in folders
 * train, val and test. Classes are numbered as those two do, by code point ("Zebra" before "ant", "10" before "9").
 */
export const imageFolderFormat: DatasetFormat = {
  id: "image-folder",
  title: "Image folder",
  layout:
    "a folder with one sub-folder of PNG or JPEG images per class, or with train/, val/ and test/ that hold such " +
    "sub-folders",
  detect: async (path) => {
    if ((await pathKind(path)) !== "folder") return false;
    const folders = await foldersIn(path);
    for (const name of folders) {
      for await (const _ of imagesBelow(path, name, depthBelow(name, folders.length === 1))) return true;
    }
    return false;
  },
  open: async (path, job) => {
    const parts: Partial<Record<PartName, FolderPart>> = {};
    const folders = await partFolders(path);
    const classNames = classesOf(folders);
    for (const folder of folders) parts[folder.part] = await listPart(path, folder, classNames, job);
    return folderSource(path, classNames, parts);
  },
};

const EXTENSIONS = new Set([".png", ".jpg", ".jpeg"]);
/** Folders below a class folder that may hold its images, such as Tiny ImageNet's `n01443537/images`. */
const DEEPEST = 2;

/** How deep images may lie in a folder: a lone one that holds no images itself merely wraps the data set. */
function depthBelow(folder: string, isAlone: boolean): number {
  if (partNamed(folder) !== undefined) return DEEPEST + 1;
  return isAlone ? 0 : DEEPEST;
}

interface PartFolder {
  readonly part: PartName;
  /** Path of the folder that holds the class folders, relative to the root. */
  readonly prefix: string;
  readonly classFolders: readonly string[];
}

interface FolderPart {
  /** Relative to the root. */
  readonly files: readonly string[];
  readonly labels: Int32Array;
}

function folderSource(
  root: string,
  classNames: readonly string[],
  parts: Readonly<Partial<Record<PartName, FolderPart>>>,
): DatasetSource {
  const fileAt = (part: PartName, index: number): string => {
    const file = parts[part]?.files[index];
    if (file === undefined)
      throw new AppError("shape-mismatch", `${root}: has no image ${index} in part "${part}"`);
    return file;
  };
  const allFiles = Object.values(parts).flatMap((part) => part.files);
  return {
    path: root,
    format: imageFolderFormat.id,
    classNames,
    classesSortedBy: "code points",
    parts,
    read: (part, indices) => Promise.all(Array.from(indices, (index) => decode(root, fileAt(part, index)))),
    locate: fileAt,
    fingerprint: (job) => listingFingerprint([imageFolderFormat.id, ...classNames], root, allFiles, job),
    close: async () => {},
  };
}

/** Decodes to 8-bit RGB; transparency is dropped and the orientation tag ignored, as training pipelines do. */
async function decode(root: string, file: string): Promise<RawImage | UnreadableImage> {
  try {
    const image = sharp(await readFile(join(root, file)), { failOn: "error" });
    const { data, info } = await image
      .removeAlpha()
      .toColourspace("srgb")
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels: info.channels, data };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { path: file, reason: message.split("\n")[0] };
  }
}

async function partFolders(root: string): Promise<PartFolder[]> {
  const folders = await foldersIn(root);
  const parts: PartFolder[] = [];
  for (const name of folders) {
    const part = partNamed(name);
    if (part === undefined) continue;
    const classFolders = await foldersIn(join(root, name));
    if (classFolders.length > 0) parts.push({ part, prefix: name, classFolders });
  }
  const twice = parts.find((one, index) => parts.findIndex((other) => other.part === one.part) < index);
  if (twice !== undefined)
    throw invalid(root, `has two folders for the ${twice.part} images, "${twice.prefix}" is one`);
  if (parts.length > 0) return parts;
  if (folders.every((name) => partNamed(name) !== undefined)) {
    throw invalid(
      root,
      `${folders.map((name) => `${name}/`).join(" and ")} must hold one sub-folder of images per class`,
    );
  }
  return [{ part: "all", prefix: "", classFolders: folders }];
}

/** Class names in the order of their numbers: of all parts, as one may lack a class. */
function classesOf(folders: readonly PartFolder[]): string[] {
  return [...new Set(folders.flatMap(({ classFolders }) => classFolders))].sort(byCodePoint);
}

async function listPart(
  root: string,
  { prefix, classFolders }: PartFolder,
  classNames: readonly string[],
  job: Job,
): Promise<FolderPart> {
  const files: string[] = [];
  const labels: number[] = [];
  const present = new Set(classFolders);
  for (const [label, name] of classNames.entries()) {
    if (!present.has(name)) continue;
    const folder = join(prefix, name);
    const before = files.length;
    for await (const file of imagesBelow(root, folder, DEEPEST)) {
      files.push(file);
      labels.push(label);
    }
    if (files.length === before)
      throw invalid(root, `the class folder "${folder}" holds no PNG or JPEG images`);
    await job.pause();
  }
  return { files, labels: Int32Array.from(labels) };
}

/** Image files in and below a folder, by code point, relative to the root with `/` between folders. */
async function* imagesBelow(root: string, folder: string, depth: number): AsyncGenerator<string> {
  const folders: string[] = [];
  for (const entry of await entriesIn(join(root, folder))) {
    if (entry.isFolder) folders.push(entry.name);
    else if (EXTENSIONS.has(extname(entry.name).toLowerCase()))
      yield join(folder, entry.name).split(sep).join("/");
  }
  if (depth === 0) return;
  for (const name of folders) yield* imagesBelow(root, join(folder, name), depth - 1);
}

async function foldersIn(path: string): Promise<string[]> {
  return (await entriesIn(path)).filter((entry) => entry.isFolder).map((entry) => entry.name);
}

/** What lies in a folder, without hidden entries and those that tools leave behind; links are followed. */
async function entriesIn(path: string): Promise<{ name: string; isFolder: boolean }[]> {
  try {
    const entries = (await readdir(path, { withFileTypes: true })).filter(
      ({ name }) => !/^(\.|__)/.test(name),
    );
    entries.sort((a, b) => byCodePoint(a.name, b.name));
    const isFolder = (entry: Dirent) =>
      entry.isSymbolicLink() ? leadsToFolder(join(path, entry.name)) : entry.isDirectory();
    return await Promise.all(
      entries.map(async (entry) => ({ name: entry.name, isFolder: await isFolder(entry) })),
    );
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function leadsToFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isMissing(error)) return false;
    throw unreadable(path, error);
  }
}

function invalid(root: string, what: string): AppError {
  return new AppError("data-invalid", `${root}: ${what}`);
}
