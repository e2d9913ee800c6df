import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { unwritable } from "./disk-error.ts";
import { makeFolder } from "./make-folder.ts";

/**
 * Makes the file's folder if needed, and writes beside its place first, so that an old file stays whole if anything goes
 * wrong or the process is killed.
 * @throws AppError 'output-unwritable'
 */
export async function writeFileAtomically(path: string, contents: Uint8Array | string): Promise<void> {
  const draft = draftOf(path);
  let made: string | undefined;
  try {
    made = await makeFolder(dirname(path));
    await writeFile(draft, contents);
    await rename(draft, path);
  } catch (cause) {
    await rm(made ?? draft, { recursive: true, force: true }).catch(() => {});
    throw unwritable(path, cause);
  }
}

/**
 * The same at once, for the small files of the app itself, which nobody else may read.
 * @throws AppError 'output-unwritable'
 */
export function writeOwnFileAtomically(path: string, contents: string): void {
  const draft = draftOf(path);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(draft, contents, { mode: 0o600 });
    renameSync(draft, path);
  } catch (cause) {
    if (existsSync(draft)) rmSync(draft);
    throw unwritable(path, cause, "let Offramp write there");
  }
}

/** A name that a draft which a killed process left behind can't have. */
function draftOf(path: string): string {
  return `${path}.${randomUUID()}.draft`;
}
