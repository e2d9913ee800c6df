import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../shared/errors.ts";
import { type Job, silentJob } from "../../../shared/job.ts";
import type { DatasetFormat, DatasetSource } from "./dataset-source.ts";
import { datasetFormats } from "./formats/index.ts";
import { namesIn, pathKind } from "./paths.ts";

/** Folders that may lie around a data set, such as FashionMNIST/raw. */
const DEEPEST = 2;

/**
 * Opens a labelled data set, in whichever format it is; a folder that only wraps another is looked into.
 * @throws AppError 'file-not-found', 'file-unreadable', 'data-invalid' (no known format, or broken), 'cancelled'
 */
export async function openDataset(path: string, job: Job = silentJob): Promise<DatasetSource> {
  const details = { path, missing: "layout", layouts: datasetFormats.map(({ layout }) => layout) };
  if ((await pathKind(path)) === undefined)
    throw new AppError("file-not-found", `${path}: no such file or folder`, details);
  const found = await findFormat(path, DEEPEST);
  if (found === undefined) {
    const what = `${path}: no data set found, it ${await contents(path)}`;
    throw new AppError("data-invalid", what, details);
  }
  return found.format.open(found.path, job);
}

async function findFormat(
  path: string,
  depth: number,
): Promise<{ format: DatasetFormat; path: string } | undefined> {
  for (const format of datasetFormats) {
    if (await format.detect(path)) return { format, path };
  }
  const inside = depth > 0 ? await onlyFolder(path) : undefined;
  return inside === undefined ? undefined : findFormat(inside, depth - 1);
}

async function onlyFolder(path: string): Promise<string | undefined> {
  if ((await pathKind(path)) !== "folder") return undefined;
  const entries = await readdir(path, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
  return folders.length === 1 ? join(path, folders[0].name) : undefined;
}

async function contents(path: string): Promise<string> {
  if ((await pathKind(path)) === "file") return "is a single file of another kind";
  const names = await namesIn(path);
  if (names.length === 0) return "is an empty folder";
  return `holds ${names.slice(0, 3).join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`;
}
