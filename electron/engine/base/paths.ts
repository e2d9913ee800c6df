import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isMissing, unreadable } from "../../disk/disk-error.ts";
import { placeWithin } from "../../disk/regular-file.ts";

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

/** Names of the files in a folder, sorted; a folder that is named like a file is none. Links are followed. */
export async function filesIn(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const names: string[] = [];
    for (const entry of entries) {
      const isFile = entry.isSymbolicLink() ? await leadsToFile(join(path, entry.name)) : entry.isFile();
      if (isFile) names.push(entry.name);
    }
    return names.sort();
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
