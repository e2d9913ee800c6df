const reasons: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "it is read-only",
  ENOTDIR: "a file is in its way",
  EEXIST: "a file is in its way",
  EISDIR: "a folder is in its way",
  ENOENT: "the system keeps no files there",
  ENAMETOOLONG: "the name is too long",
};

/** Why the system refuses to write somewhere, in words where there are some. */
export function diskReason({ code, message }: NodeJS.ErrnoException): string {
  return reasons[code ?? ""] ?? code ?? message;
}
