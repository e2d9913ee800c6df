import { AppError } from "../../shared/base/errors.ts";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "it is read-only",
  EISDIR: "a folder is in its way",
  ENOTDIR: "a file is in its way",
  ENOENT: "its folder is gone",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full",
};

/** @param cause what the system threw while `path` was written */
export function unwritable(path: string, cause: unknown): AppError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = reasons[code ?? ""] ?? code ?? message;
  return new AppError("output-unwritable", `${path} can't be written: ${reason}`, { path }, { cause });
}
