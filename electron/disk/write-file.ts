import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { unwritable } from "./disk-error.ts";
import { draftOf, sweepDrafts } from "./drafts.ts";
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
    sweepOnce(path);
    await writeThrough(draft, contents);
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
    sweepOnce(path);
    writeFileSync(draft, contents, { mode: 0o600 });
    renameSync(draft, path);
  } catch (cause) {
    if (existsSync(draft)) rmSync(draft);
    throw unwritable(path, cause, "let Offramp write there");
  }
}

/** Written so that a machine that loses its power doesn't keep the name and lose the contents. */
async function writeThrough(path: string, contents: Uint8Array | string): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(contents);
    await file.sync();
  } finally {
    await file.close();
  }
}

const swept = new Set<string>();

/** What killed processes left of a file is looked for when a process writes it first. */
function sweepOnce(path: string): void {
  const whole = resolve(path);
  if (swept.has(whole)) return;
  swept.add(whole);
  sweepDrafts(whole);
}
