import { AppError } from "../../shared/base/errors.ts";
import { diskReason, isDiskFull } from "./disk-error.ts";

/** What a failed allocation says, in V8, Node and ONNX Runtime. */
const memoryWords =
  /array buffer allocation failed|invalid (typed )?array length|invalid string length|cannot create a string longer|bad_alloc|bad allocation|failed to allocate memory|cannot allocate memory|could not allocate memory|out of memory/i;
const memoryCodes = ["ENOMEM", "ERR_STRING_TOO_LONG", "ERR_BUFFER_TOO_LARGE", "ERR_WORKER_OUT_OF_MEMORY"];
const moduleCodes = ["ERR_DLOPEN_FAILED", "MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"];
const openFileCodes = ["EMFILE", "ENFILE"];

/**
 * What the system, rather than what it was given, keeps Offramp from doing: its memory, open files, disk or libraries.
 * @param whereElse how the person says where results are kept, for a full disk
 * @returns nothing if the error is none of these
 */
export function systemFailure(error: unknown, whereElse: string): AppError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = "", message, syscall, path } = error as NodeJS.ErrnoException;
  const say = (code: AppError["code"], text: string) => new AppError(code, text, {}, { cause: error });
  if (isDiskFull(error))
    return say(
      "output-unwritable",
      `the disk${path ? ` of ${path}` : ""} is full; free some space${whereElse}`,
    );
  if (openFileCodes.includes(code))
    return say(
      "system-limit",
      "the system lets Offramp open no more files; raise the limit (ulimit -n 1024), or close other programs",
    );
  if (memoryCodes.includes(code) || memoryWords.test(message))
    return say(
      "system-limit",
      "there is not enough memory for this; close other programs, or use a smaller model or fewer images",
    );
  if (moduleCodes.includes(code))
    return say(
      "system-limit",
      `a part of Offramp can't be loaded (${firstLine(message)}); install Offramp again (from its sources: \`npm ci\`)`,
    );
  if (syscall === "uv_cwd")
    return say("file-not-found", "the folder in which Offramp runs was removed; change to one that is there");
  if (syscall !== undefined && path !== undefined)
    return say(
      code === "ENOENT" || code === "ENOTDIR" ? "file-not-found" : "file-unreadable",
      `${path} can't be used (${code === "ENOENT" ? "it isn't there any more" : diskReason(error)}); check it and run again`,
    );
  return undefined;
}

function firstLine(text: string): string {
  return text.split("\n")[0];
}
