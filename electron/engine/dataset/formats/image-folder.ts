import { readdir, realpath } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import { MAX_CLASSES } from "../../../../shared/model/class-list.ts";
import { isMissing, unreadable } from "../../../disk/disk-error.ts";
import { placeWithin } from "../../../disk/regular-file.ts";
import { inGroups } from "../../base/in-groups.ts";
import { filesIn, pathKind } from "../../base/paths.ts";
import { byCodePoint } from "../classes/sort-names.ts";
import { checkImageCount, type DatasetFormat, type PartName, partNamed } from "../dataset-source.ts";
import { type FilesPart, imageFilesSource } from "../image-files.ts";
import { IMAGE_KINDS, isImageName, isReadImage } from "../images/decode-image.ts";
import { LeftOut } from "../left-out.ts";

/**
 * Folders named after their class, as torchvision's ImageFolder and Keras read them; either at the root, or in folders
 * train, val and test. Classes are numbered as those two do, by code point ("Zebra" before "ant", "10" before "9").
 */
export const imageFolderFormat: DatasetFormat = {
  id: "image-folder",
  title: "Image folder",
  layout:
    "a folder with one sub-folder of images (PNG, JPEG, BMP, WebP, TIFF, GIF, PPM) per class, or train/, val/ and test/ of such",
  detect: async (path, job) => {
    if ((await pathKind(path)) !== "folder") return false;
    const folders = await foldersIn(path, "", job);
    for (const name of folders.slice(0, MAX_CLASSES)) {
      for await (const file of filesBelow(path, name, depthBelow(name, folders.length === 1), job))
        if (isImageName(file)) return true;
    }
    return false;
  },
  open: async (path, job) => {
    const parts: Partial<Record<PartName, FilesPart>> = {};
    const leftOut = new LeftOut();
    const folders = await partFolders(path, job, leftOut);
    const classNames = classesOf(folders);
    if (classNames.length > MAX_CLASSES)
      throw invalid(path, `has ${classNames.length} class folders, expected at most ${MAX_CLASSES}`);
    if (classNames.length === 1) await refuseUnreadTable(path, classNames[0]);
    for (const folder of folders) parts[folder.part] = await listPart(path, folder, classNames, leftOut, job);
    const images = Object.values(parts).reduce((sum, { labels }) => sum + labels.length, 0);
    const notes = leftOut.notes(images);
    const format = imageFolderFormat.id;
    return imageFilesSource({
      ...{ path, root: path, format, classNames, classesSortedBy: "code points", parts, notes },
    });
  },
};

/** Folders below a class folder that may hold its images, such as Tiny ImageNet's `n01443537/images`. */
const DEEPEST = 2;
/** Files that are listed before asking whether to continue. */
const PAUSE_EVERY = 10_000;

/** How deep images may lie in a folder: a lone one that holds no images itself merely wraps the data set. */
function depthBelow(folder: string, isAlone: boolean): number {
  if (partNamed(folder) !== undefined) return DEEPEST + 1;
  return isAlone ? 0 : DEEPEST;
}

/** One folder beside a table is no class: the table would say which there are. */
async function refuseUnreadTable(root: string, folder: string): Promise<void> {
  const table = (await filesIn(root, /\.[ct]sv$/i)).at(0);
  if (table === undefined) return;
  throw invalid(
    root,
    `holds images in one folder, "${folder}", and the table ${table}, of which it isn't clear what its columns hold: call them image and label`,
  );
}

interface PartFolder {
  readonly part: PartName;
  /** Path of the folder that holds the class folders, relative to the root. */
  readonly prefix: string;
  readonly classFolders: readonly string[];
}

async function partFolders(root: string, job: Job, leftOut: LeftOut): Promise<PartFolder[]> {
  const folders = await foldersIn(root, "", job, leftOut);
  const parts: PartFolder[] = [];
  for (const name of folders) {
    const part = partNamed(name);
    if (part === undefined) continue;
    const classFolders = await foldersIn(root, name, job, leftOut);
    if (classFolders.length > 0) parts.push({ part, prefix: name, classFolders });
  }
  const twice = parts.find((one, index) => parts.findIndex((other) => other.part === one.part) < index);
  if (twice !== undefined)
    throw invalid(root, `has two folders for the ${twice.part} images, "${twice.prefix}" is one`);
  if (parts.length > 0) {
    const unused = folders.filter((name) => parts.every(({ prefix }) => prefix !== name));
    for (const name of unused) leftOut.addFolder(name, "which is no part with one sub-folder per class");
    return parts;
  }
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
  leftOut: LeftOut,
  job: Job,
): Promise<FilesPart> {
  const files: string[] = [];
  const labels: number[] = [];
  const present = new Set(classFolders);
  for (const [label, name] of classNames.entries()) {
    if (!present.has(name)) continue;
    const folder = join(prefix, name);
    const before = files.length;
    const others = new LeftOut();
    for await (const file of filesBelow(root, folder, DEEPEST, job, leftOut)) {
      if (!isReadImage(file)) {
        others.addFile(file);
        leftOut.addFile(file);
        continue;
      }
      files.push(file);
      labels.push(label);
      if (files.length % PAUSE_EVERY > 0) continue;
      checkImageCount(root, files.length);
      await job.pause();
    }
    if (files.length === before) {
      const held = others.kinds() === "" ? "" : `, only ${others.kinds()}`;
      throw invalid(root, `the class folder "${folder}" holds no images (${IMAGE_KINDS})${held}`);
    }
    await job.pause();
  }
  return { files, labels: Int32Array.from(labels) };
}

/** Files in and below a folder, by code point, relative to the root with `/` between folders. */
async function* filesBelow(
  root: string,
  folder: string,
  depth: number,
  job: Job,
  leftOut?: LeftOut,
): AsyncGenerator<string> {
  await job.pause();
  const folders: string[] = [];
  for (const entry of await entriesIn(root, folder, job, leftOut)) {
    if (entry.isFolder) folders.push(entry.name);
    else yield join(folder, entry.name).split(sep).join("/");
  }
  for (const name of folders) {
    const inside = join(folder, name);
    if (depth > 0) yield* filesBelow(root, inside, depth - 1, job, leftOut);
    else leftOut?.addFolder(inside, "which lies too deep");
  }
}

async function foldersIn(root: string, folder: string, job: Job, leftOut?: LeftOut): Promise<string[]> {
  const entries = await entriesIn(root, folder, job, leftOut);
  return entries.filter(({ isFolder }) => isFolder).map(({ name }) => name);
}

/** What lies in a folder; links count as what they lead to. */
interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
}

/**
 * What lies in a folder, without hidden entries and those that tools leave behind.
 * @param folder relative to the root
 * @throws AppError 'file-unreadable' if a folder or an image in it is a link that leads out of the root
 */
async function entriesIn(
  root: string,
  folder: string,
  job: Job,
  leftOut?: LeftOut,
): Promise<readonly Entry[]> {
  const path = join(root, folder);
  try {
    const all = await readdir(path, { withFileTypes: true });
    for (const entry of all)
      if (isHidden(entry.name) && entry.isDirectory())
        leftOut?.addFolder(join(folder, entry.name), "hidden or left by a tool");
    const real = all.some((entry) => entry.isSymbolicLink()) ? await realpath(root) : root;
    const found = await inGroups(
      all.filter(({ name }) => !isHidden(name)),
      (entry) =>
        entry.isSymbolicLink()
          ? linked(root, real, join(folder, entry.name), leftOut)
          : { name: entry.name, isFolder: entry.isDirectory() },
      job,
    );
    return found.filter((entry) => entry !== undefined).sort((a, b) => byCodePoint(a.name, b.name));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function isHidden(name: string): boolean {
  return /^(\.|__)/.test(name);
}

/**
 * What a link leads to. One that leads nowhere is a file that isn't there.
 * @param real where the root itself leads
 * @returns undefined if it is left out: it leads back to a folder that it lies in
 */
async function linked(
  root: string,
  real: string,
  way: string,
  leftOut?: LeftOut,
): Promise<Entry | undefined> {
  const [path, name] = [join(root, way), basename(way)];
  const isFolder = (await pathKind(path)) === "folder";
  if (!isFolder && !isImageName(name)) return { name, isFolder };
  const place = await placeWithin(path, root, real).catch((error) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (!isFolder || place === undefined) return { name, isFolder };
  const own = await realpath(dirname(path));
  if (own !== place && !own.startsWith(place + sep)) return { name, isFolder };
  leftOut?.addFolder(way, "which leads back to a folder that it lies in");
  return undefined;
}

function invalid(root: string, what: string): AppError {
  return new AppError("data-invalid", `${root}: ${what}`);
}
