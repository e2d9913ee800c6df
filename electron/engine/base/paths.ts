import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";

/** Whether a path leads to a file or a folder; undefined if to neither. */
export async function pathKind(path: string): Promise<"file" | "folder" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(path, error);
  }
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
    const isFile = (entry: Dirent) =>
      entry.isSymbolicLink() ? leadsToFile(join(path, entry.name)) : entry.isFile();
    const areFiles = await Promise.all(entries.map(isFile));
    return entries
      .filter((_, index) => areFiles[index])
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function leadsToFile(path: string): Promise<boolean> {
  return (await pathKind(path)) === "file";
}

/** Whether nothing is there; a link that leads to itself leads nowhere. */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP";
}

/** The AppError for a file or folder that the system refused to open or read. */
export function unreadable(path: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isMissing(error)) return new AppError("file-not-found", `${path}: no such file or folder`, { path });
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError("file-unreadable", `${path}: can't be read (${reason})`, { path }, { cause: error });
}
