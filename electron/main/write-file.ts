import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { unwritable } from "./disk-reason.ts";

/**
 * Writes a file that the person chose, beside its place first, so that an old one stays whole if anything goes wrong.
 * @throws AppError 'output-unwritable'
 */
export async function writeChosenFile(path: string, content: Uint8Array | string): Promise<void> {
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    await writeFile(draft, content);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {});
    throw unwritable(path, cause);
  }
}
