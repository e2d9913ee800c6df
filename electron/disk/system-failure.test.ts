import { expect, it } from "vitest";
import { AppError } from "../../shared/base/errors.ts";
import { systemFailure } from "./system-failure.ts";

function thrown(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

const withCode = (code: string, message = "message", more = {}) =>
  Object.assign(new Error(message), { code, ...more });

function endless(): number {
  return 1 + endless();
}

it.each<[string, unknown, string, RegExp, string?]>([
  ["a full disk", withCode("ENOSPC"), "output-unwritable", /^the disk is full$/, "diskSpace"],
  ["V8's buffers", thrown(() => new ArrayBuffer(2 ** 52)), "out-of-memory", /no more memory/, "memory"],
  ["V8's arrays", thrown(() => new Array(-1)), "out-of-memory", /no more memory/, "memory"],
  ["V8's texts", thrown(() => "ab".repeat(2 ** 30 - 1)), "out-of-memory", /no more memory/, "memory"],
  ["a worker", withCode("ERR_WORKER_OUT_OF_MEMORY"), "out-of-memory", /no more memory/, "memory"],
  ["C++", new Error("std::bad_alloc"), "out-of-memory", /no more memory/, "memory"],
  ["C++ on Windows", new Error("bad allocation"), "out-of-memory", /no more memory/, "memory"],
  ["the stack", thrown(endless), "file-invalid", /nested too deeply/],
  ["file handles", withCode("EMFILE"), "system", /no file handles left \(EMFILE\)/, "fileHandles"],
  [
    "a library",
    withCode("ERR_DLOPEN_FAILED", "libonnxruntime.so.1: gone"),
    "system",
    /libonnxruntime/,
    "library",
  ],
  [
    "processes",
    withCode("EAGAIN", "x", { syscall: "spawn /usr/bin/node" }),
    "system",
    /refused to start a process \(EAGAIN\)$/,
  ],
  [
    "the working folder",
    withCode("ENOENT", "x", { syscall: "uv_cwd" }),
    "file-not-found",
    /folder in which Offramp runs was removed/,
  ],
  [
    "a file that went away",
    withCode("ENOENT", "x", { syscall: "open", path: "/a/b" }),
    "system",
    /^the system refused to open \/a\/b \(the system keeps no files there\)$/,
  ],
])("says in words what is refused: %s", (_, error, code, message, missing) => {
  const failure = systemFailure(error);
  expect(failure).toMatchObject({ code, message: expect.stringMatching(message), cause: error });
  expect(failure?.details.missing).toBe(missing);
});

it("leaves what says it itself, and faults of ours", () => {
  for (const error of [
    new AppError("internal", "out of memory"),
    new TypeError("x is no function"),
    "text",
    null,
  ])
    expect(systemFailure(error)).toBeUndefined();
});
