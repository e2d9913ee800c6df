import { mkdir, open, realpath, stat, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import { isDiskFull, unwritable } from "../../disk/disk-error.ts";
import { clearPlace, preparePlace, putInPlace } from "./output-place.ts";
import { filesBelow, newSet } from "./output-swap.ts";

/** Takes names of files that go together with the old results although no new one takes their place. */
export type RemoveOld = (name: string) => void;

/**
 * Has a draft filled, then puts it in the place of what `folder` held, all files at once: whoever looks, also after a
 * kill, sees all old or all new files. On failure nothing is left behind.
 * @throws AppError 'output-unwritable' if the folder can't be made or written, something is in the way, or the disk is full
 */
export async function writeOutputs<Result>(
  folder: string,
  write: (draft: string, removeOld: RemoveOld) => Promise<Result>,
): Promise<Result> {
  const place = await preparePlace(folder);
  const draft = join(place.workshop, newSet);
  const removed: string[] = [];
  try {
    await mkdir(draft);
    const result = await write(draft, (name) => void removed.push(name));
    await syncFiles(draft);
    await putInPlace(place, removed);
    return result;
  } catch (cause) {
    // Whoever removes a folder takes its files first, so the draft may still be there when one of them is missed.
    if (isGone(cause) && (isBelow(draft, cause) || !(await stat(draft).catch(() => undefined))))
      throw new AppError(
        "output-unwritable",
        `${folder} was removed or replaced while results were written to it; run again`,
        { path: folder },
        { cause },
      );
    throw isDiskError(cause) ? unwritable(folder, cause) : cause;
  } finally {
    await clearPlace(place);
  }
}

/** Finds out before any long work whether a folder can be written; what had to be made for it is removed again. */
export async function checkWritable(folder: string): Promise<void> {
  await clearPlace(await preparePlace(folder));
}

/** A machine that loses its power must not have swapped names without contents. */
async function syncFiles(folder: string): Promise<void> {
  for (const path of filesBelow(folder)) {
    const file = await open(join(folder, path), "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

function isGone(cause: unknown): boolean {
  if (cause instanceof AppError) return cause.code === "file-not-found";
  return ["ENOENT", "ENOTDIR"].includes((cause as NodeJS.ErrnoException).code ?? "");
}

/** Whether what is gone is a file of the draft, which nobody but the writer knows. */
function isBelow(draft: string, cause: unknown): boolean {
  const path = cause instanceof AppError ? cause.details.path : (cause as NodeJS.ErrnoException).path;
  return typeof path === "string" && path.startsWith(draft + sep);
}

function isDiskError(cause: unknown): boolean {
  const refusals = ["EACCES", "EPERM", "EROFS"];
  return isDiskFull(cause) || refusals.includes((cause as NodeJS.ErrnoException).code ?? "");
}

export async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await writeFile(join(folder, name), jsonText(value));
}

/** JSON as files for people have it. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * Checks a file's place before any long work.
 * @param source the file that the contents are made from, which they must not replace
 * @returns the path
 * @throws AppError 'output-unwritable' if it is a folder, or its folder can't be made or written; 'usage' if it is
 *   the source
 */
export async function writableFile(path: string, source?: string): Promise<string> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory())
    throw new AppError("output-unwritable", `${path} is a folder; give the name of a file to write`);
  if (info && source !== undefined && (await isSameFile(path, source)))
    throw new AppError("usage", `${path} is what is read; give another name for the file to write`);
  await checkWritable(dirname(path));
  return path;
}

/** Whether two paths lead to one file that is there. */
export async function isSameFile(path: string, other: string): Promise<boolean> {
  const [real, otherReal] = await Promise.all(
    [path, other].map((each) => realpath(each).catch(() => undefined)),
  );
  return real !== undefined && real === otherReal;
}
