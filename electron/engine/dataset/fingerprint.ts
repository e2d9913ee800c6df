import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "../../../shared/base/job.ts";
import { unreadable } from "../../disk/disk-error.ts";
import { openRegularFile } from "../../disk/regular-file.ts";
import { inGroups } from "../base/in-groups.ts";

/**
 * Hashes array files by content, as a stream.
 * @param header what else the data set depends on: its format and class names
 * @returns SHA-256, hex
 */
export async function contentFingerprint(
  header: readonly string[],
  files: readonly string[],
  job: Job,
): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(header));
  for (const file of files) {
    const { handle, bytes } = await openRegularFile(file);
    hash.update(`\n${bytes}\n`);
    try {
      for await (const chunk of handle.createReadStream({ highWaterMark: 2 ** 20 })) {
        hash.update(chunk);
        await job.pause();
      }
    } catch (error) {
      throw unreadable(file, error);
    } finally {
      await handle.close();
    }
  }
  return hash.digest("hex");
}

/**
 * Hashes image files by path, size and time of change: reading them all would take as long as using them.
 * @param paths relative to `root`; one that a table names again and again is looked up once
 * @returns SHA-256, hex
 */
export async function listingFingerprint(
  header: readonly string[],
  root: string,
  paths: readonly string[],
  job: Job,
): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(header));
  const files = [...new Set(paths)];
  const facts = await inGroups(files, (path) => sizeAndTime(join(root, path)), job);
  for (const [index, [size, changedMs]] of facts.entries())
    hash.update(JSON.stringify([files[index], size, changedMs]));
  return hash.digest("hex");
}

async function sizeAndTime(path: string): Promise<readonly [bytes: number, changedMs: number]> {
  try {
    const { size, mtimeMs } = await stat(path);
    return [size, mtimeMs];
  } catch (error) {
    throw unreadable(path, error);
  }
}
