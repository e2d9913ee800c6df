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

/** Whether nothing is there; a link that leads to itself leads nowhere. */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP";
}

/** The AppError for a file or folder that the system refused to open or read. */
export function unreadable(path: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isMissing(error)) {
    const hint = path.includes("\ufffd") ? "; its name is no UTF-8: rename it" : "";
    return new AppError("file-not-found", `${path}: no such file or folder${hint}`, { path });
  }
  if (path.includes("\0"))
    return new AppError("file-unreadable", `${path}: no path holds a NUL character`, { path });
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError("file-unreadable", `${path}: can't be read (${reason})`, { path }, { cause: error });
}
