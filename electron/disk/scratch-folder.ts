import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../shared/base/errors.ts";
import { diskReason } from "./disk-error.ts";
import { sweepFolder } from "./drafts.ts";
import { makerName } from "./maker.ts";

/** What temporary folders are for. */
type Purpose = "probe" | "profile" | "quantise" | "images" | "logits" | "rerun";

const scratchName = /^offramp-(probe|profile|quantise|images|logits|rerun)-\d+-[0-9a-z]+-[0-9a-f]{6}-/;

/**
 * A new folder among the system's temporary ones, which the caller removes; if the process is killed, the next start does.
 * @throws AppError 'output-unwritable'
 */
export async function makeScratchFolder(purpose: Purpose): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), `offramp-${purpose}-${makerName()}-`));
  } catch (cause) {
    throw noScratch(cause);
  }
}

/** @param cause what the system threw when something was to be kept there */
export function noScratch(cause: unknown): AppError {
  return new AppError(
    "output-unwritable",
    `${tmpdir()}, the folder for temporary files, can't be written (${diskReason(cause as NodeJS.ErrnoException)}); make room there, or choose another with TMPDIR`,
    { path: tmpdir() },
    { cause },
  );
}

/** Removes the temporary folders of processes that were killed. */
export function sweepScratchFolders(): void {
  sweepFolder(tmpdir(), (name) => scratchName.test(name));
}
