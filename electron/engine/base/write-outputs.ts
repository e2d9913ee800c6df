import { randomUUID } from "node:crypto";
import { mkdir, readdir, realpath, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import { isDiskFull, unwritable } from "../../disk/disk-error.ts";
import { makeFolder } from "../../disk/make-folder.ts";

/**
 * Fills a draft folder inside `folder`, then moves what is in it to its place; on failure nothing is left behind.
 * @throws AppError 'output-unwritable' if the folder can't be made or written, or the disk is full
 */
export async function writeOutputs<Result>(
  folder: string,
  write: (draft: string) => Promise<Result>,
): Promise<Result> {
  const made = await prepareFolder(folder);
  const draft = draftIn(folder);
  try {
    await makeDraft(folder, draft);
    const result = await write(draft);
    for (const name of await readdir(draft)) {
      await rm(join(folder, name), { recursive: true, force: true });
      await rename(join(draft, name), join(folder, name));
    }
    return result;
  } catch (cause) {
    if (made) await rm(made, { recursive: true, force: true });
    throw isDiskError(cause) ? unwritable(folder, cause) : cause;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Finds out before any long work whether a folder can be written; what had to be made for it is removed again. */
export async function checkWritable(folder: string): Promise<void> {
  const made = await prepareFolder(folder);
  const trial = draftIn(folder);
  try {
    await makeDraft(folder, trial);
  } finally {
    await rm(trial, { recursive: true, force: true });
    if (made) await removeEmpty(folder, made);
  }
}

/** Removes a folder and those above it up to `topmost`, as far as nobody has put anything there meanwhile. */
async function removeEmpty(folder: string, topmost: string): Promise<void> {
  for (let path = resolve(folder); path.length >= topmost.length; path = dirname(path))
    await rmdir(path).catch(() => {});
}

/** A name that a draft which a killed process left behind can't have. */
function draftIn(folder: string): string {
  return join(folder, `.offramp-draft-${randomUUID()}`);
}

async function makeDraft(folder: string, draft: string): Promise<void> {
  await mkdir(draft).catch((cause) => {
    throw unwritable(folder, cause);
  });
}

/** @returns the topmost folder that had to be made, if any */
async function prepareFolder(folder: string): Promise<string | undefined> {
  const info = await stat(folder).catch(() => undefined);
  if (info && !info.isDirectory())
    throw new AppError("output-unwritable", `${folder} is a file; give a folder for the results`);
  try {
    return await makeFolder(folder);
  } catch (cause) {
    throw unwritable(folder, cause);
  }
}

function isDiskError(cause: unknown): boolean {
  const refusals = ["EACCES", "EPERM", "EROFS"];
  return isDiskFull(cause) || refusals.includes((cause as NodeJS.ErrnoException).code ?? "");
}

export async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await writeFile(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
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
