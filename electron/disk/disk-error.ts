import { AppError } from "../../shared/base/errors.ts";

const fullReason = "the disk is full";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "it is read-only",
  ENOTDIR: "a file is in its way",
  EEXIST: "a file is in its way",
  EISDIR: "a folder is in its way",
  ENOENT: "the system keeps no files there",
  ENAMETOOLONG: "the name is too long",
  ENOSPC: fullReason,
  EDQUOT: fullReason,
};

/** Why the system refuses to write somewhere, in words where there are some. */
export function diskReason({ code, message }: NodeJS.ErrnoException): string {
  return reasons[code ?? ""] ?? code ?? message;
}

/** Whether the system refused because there is no room left. */
export function isDiskFull(error: unknown): boolean {
  return reasons[(error as NodeJS.ErrnoException).code ?? ""] === fullReason;
}

/**
 * @param cause what the system threw while `path` was written
 * @param remedy what to do about it, unless the disk is full
 */
export function unwritable(path: string, cause: unknown, remedy = "choose another place"): AppError {
  return new AppError(
    "output-unwritable",
    isDiskFull(cause)
      ? `the disk that holds ${path} is full; free some space or choose another place`
      : `${path} can't be written (${diskReason(cause as NodeJS.ErrnoException)}); ${remedy}`,
    { path },
    { cause },
  );
}
