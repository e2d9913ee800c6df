import { AppError, type ErrorCode, type ErrorDetails } from "../../shared/base/errors.ts";
import { diskReason, isDiskFull } from "./disk-error.ts";

interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: ErrorDetails;
}

/** What Node, V8 and ONNX Runtime say when they get no memory. */
const memoryCodes: ReadonlySet<string> = new Set([
  "ENOMEM",
  "ERR_MEMORY_ALLOCATION_FAILED",
  "ERR_WORKER_OUT_OF_MEMORY",
  "ERR_STRING_TOO_LONG",
  "ERR_BUFFER_TOO_LARGE",
]);
const memoryWords =
  /allocation failed|Invalid (typed array|array|array buffer|string) length|maximum size exceeded|bad_alloc|bad allocation|allocate memory|out of memory/i;

/** Whether a message, or what a process wrote before it died, is about a lack of memory. */
export function speaksOfMemory(text: string): boolean {
  return memoryWords.test(text);
}

const libraryCodes: ReadonlySet<string> = new Set([
  "ERR_DLOPEN_FAILED",
  "MODULE_NOT_FOUND",
  "ERR_MODULE_NOT_FOUND",
]);

/**
 * What the system refuses, in words: room on the disk, memory, file handles, processes, a library, a file that went away.
 * The last stop of an error before it is shown; where more is known, say more there.
 * @returns undefined if the error is an AppError already, or a fault of ours
 */
export function systemFailure(error: unknown): AppError | undefined {
  if (!(error instanceof Error) || error instanceof AppError) return undefined;
  const failure = refusalOf(error);
  return failure && new AppError(failure.code, failure.message, failure.details, { cause: error });
}

function refusalOf(error: NodeJS.ErrnoException): Failure | undefined {
  const { message, code = "", syscall, path } = error;
  if (isDiskFull(error))
    return { code: "output-unwritable", message: "the disk is full", details: { missing: "diskSpace" } };
  if (memoryCodes.has(code) || speaksOfMemory(message))
    return {
      code: "out-of-memory",
      message: "Offramp gets no more memory for this",
      details: { missing: "memory" },
    };
  if (error instanceof RangeError && /call stack/.test(message))
    return { code: "file-invalid", message: "what was read is nested too deeply to be followed" };
  if (code === "EMFILE" || code === "ENFILE")
    return {
      code: "system",
      message: `the system has no file handles left (${code})`,
      details: { missing: "fileHandles" },
    };
  if (libraryCodes.has(code))
    return {
      code: "system",
      message: `a part of Offramp can't be loaded (${message.split("\n", 1)[0]})`,
      details: { missing: "library" },
    };
  if (syscall === "uv_cwd")
    return {
      code: "file-not-found",
      message: "the folder in which Offramp runs was removed; change to one that is there",
    };
  if (syscall !== undefined)
    return {
      code: "system",
      message: `the system refused to ${syscall.replace(/^spawn .*/, "start a process")}${path ? ` ${path}` : ""} (${diskReason(error)})`,
      details: path ? { path } : {},
    };
  return undefined;
}
