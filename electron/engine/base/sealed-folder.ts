import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { diskReason, isDiskFull } from "../../disk/disk-error.ts";
import { draftOf } from "../../disk/drafts.ts";
import { makeFolder } from "../../disk/make-folder.ts";
import { hashFile } from "./hash.ts";

const sealSchema = z.object({
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
});

const sealFile = "seal.json";

/**
 * Fills a folder beside its place, seals it with the hashes of its files, and moves it there, so that it appears whole or
 * not at all.
 * @param isThere is asked at the end whether another process has made the same meanwhile, which then stays
 * @throws AppError 'output-unwritable' if no folder can be made there; 'cancelled'; what `fill` throws
 */
export async function writeSealedFolder(
  folder: string,
  fill: (draft: string) => Promise<void>,
  job: Job,
  isThere: () => Promise<boolean>,
): Promise<void> {
  const draft = draftOf(folder);
  await makeDraft(draft);
  try {
    await fill(draft);
    await seal(draft, job);
    if (!(await isThere())) await takePlace(draft, folder, job);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Whether a folder holds what its seal says.
 * @throws AppError 'cancelled'
 */
export async function isIntact(folder: string, job: Job): Promise<boolean> {
  try {
    const { files } = sealSchema.parse(JSON.parse(await readFile(join(folder, sealFile), "utf8")));
    for (const [name, { bytes, sha256 }] of Object.entries(files)) {
      const path = join(folder, name);
      if ((await stat(path)).size !== bytes || (await hashFile(path, job)) !== sha256) return false;
    }
    return true;
  } catch (error) {
    if (error instanceof AppError) throw error;
    return false;
  }
}

async function makeDraft(draft: string): Promise<void> {
  await makeFolder(draft).catch((cause: NodeJS.ErrnoException) => {
    throw isDiskFull(cause) ? cause : notKept(dirname(draft), cause);
  });
}

/** @param cause what the system threw */
export function notKept(folder: string, cause: NodeJS.ErrnoException): AppError {
  return new AppError(
    "output-unwritable",
    `results can't be kept in ${folder} (${diskReason(cause)})`,
    { folder, missing: "cacheFolder" },
    { cause },
  );
}

async function seal(folder: string, job: Job): Promise<void> {
  const files: Record<string, { bytes: number; sha256: string }> = {};
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    files[name] = { bytes: (await stat(path)).size, sha256: await hashFile(path, job) };
  }
  await writeFile(join(folder, sealFile), JSON.stringify({ files }));
}

/** Puts a finished draft where another may be; if another process did the same meanwhile, that one stays. */
async function takePlace(draft: string, folder: string, job: Job): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  try {
    await rename(draft, folder);
  } catch (error) {
    if (!(await isIntact(folder, job))) throw error;
  }
}
