import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { AppError } from "../../shared/errors.ts";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "it is read-only",
  EISDIR: "a folder is in its way",
  ENOENT: "its folder is gone",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full",
};

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
    await rm(draft, { force: true });
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new AppError(
      "output-unwritable",
      `${path} can't be written (${reasons[code ?? ""] ?? code ?? message}); choose another place`,
      { path },
      { cause },
    );
  }
}
