import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isMissing, unreadable } from "../../disk/disk-error.ts";
import { placeWithin } from "../../disk/regular-file.ts";
import { inGroups } from "./in-groups.ts";

/** Whether a path leads to a file or a folder; undefined if to neither. */
export async function pathKind(path: string): Promise<"file" | "folder" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(path, error);
  }
}

/**
 * Whether a path below a folder leads to a folder.
 * @param root that it must not lead out of
 * @throws AppError 'file-unreadable' if it does
 */
export async function hasFolder(root: string, way: string): Promise<boolean> {
  const path = join(root, way);
  if ((await pathKind(path)) !== "folder") return false;
  await placeWithin(path, root);
  return true;
}

/** Names in a folder, sorted. */
export async function namesIn(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Names of the files in a folder that are of a kind, sorted; a folder that is named like a file is none. Links are followed.
 * @param kind what a name has to look like: links of other names, which may be many images, are not looked up
 */
export async function filesIn(path: string, kind: RegExp): Promise<string[]> {
  try {
    const entries = (await readdir(path, { withFileTypes: true })).filter(({ name }) => kind.test(name));
    const areFiles = await inGroups(entries, (entry) =>
      entry.isSymbolicLink() ? leadsToFile(join(path, entry.name)) : entry.isFile(),
    );
    return entries.flatMap(({ name }, at) => (areFiles[at] ? [name] : [])).sort();
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function leadsToFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
