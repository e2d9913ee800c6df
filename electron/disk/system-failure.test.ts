import { constants } from "node:buffer";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { systemFailure } from "./system-failure.ts";

/** What a function throws. */
function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

const coded = (code: string, more = {}) => Object.assign(new Error(`${code}: text`), { code, ...more });

it.each([
  ["an array that is too long", () => new Array(-1)],
  ["typed arrays that are too long", () => new Float64Array(2 ** 53 - 1)],
  ["array buffers that no memory is left for", () => new ArrayBuffer(Number.MAX_SAFE_INTEGER)],
  ["a string that is too long", () => "x".repeat(constants.MAX_STRING_LENGTH + 1)],
])("%s is a lack of memory", (_, run) => {
  expect(systemFailure(thrown(run), "")).toMatchObject({
    code: "system-limit",
    message:
      "there is not enough memory for this; close other programs, or use a smaller model or fewer images",
  });
});

it("so is what the system and ONNX Runtime say of it", () => {
  const runtime = new Error(
    "/onnxruntime_src/bfc_arena.cc:376 Failed to allocate memory for requested buffer of size 9",
  );
  for (const error of [coded("ENOMEM"), coded("ERR_STRING_TOO_LONG"), runtime, new Error("std::bad_alloc")])
    expect(systemFailure(error, "")?.code, error.message).toBe("system-limit");
});

it("a library that can't be loaded is named, in one line", () => {
  const error = thrown(() => process.dlopen({ exports: {} }, import.meta.filename));
  expect(systemFailure(error, "")?.message).toMatch(
    /^a part of Offramp can't be loaded \([^\n]+\); install Offramp again \(from its sources: `npm ci`\)$/,
  );
  const missing = coded("MODULE_NOT_FOUND", {
    message: "Cannot find module './binding.node'\nRequire stack:\n- x",
  });
  expect(systemFailure(missing, "")?.message).toContain("(Cannot find module './binding.node')");
});

it("a full disk, too many open files, a folder that is gone, and what can't be used", () => {
  const said = (error: unknown) => systemFailure(error, ", or set another --cache or --out")?.message;
  expect(said(coded("ENOSPC"))).toBe("the disk is full; free some space, or set another --cache or --out");
  expect(said(coded("EDQUOT", { path: "a/b" }))).toBe(
    "the disk of a/b is full; free some space, or set another --cache or --out",
  );
  expect(said(coded("EMFILE"))).toBe(
    "the system lets Offramp open no more files; raise the limit (ulimit -n 1024), or close other programs",
  );
  expect(said(coded("ENOENT", { syscall: "uv_cwd" }))).toBe(
    "the folder in which Offramp runs was removed; change to one that is there",
  );
  expect(said(thrown(() => readFileSync("/nowhere/features")))).toBe(
    "/nowhere/features can't be used (it isn't there any more); check it and run again",
  );
  expect(said(coded("EACCES", { syscall: "open", path: "a" }))).toBe(
    "a can't be used (no permission); check it and run again",
  );
});

it("faults of ours are none of the system's", () => {
  const own = thrown(() => execFileSync(process.execPath, ["-e", "process.exit(3)"]));
  for (const error of [new TypeError("x is undefined"), own, undefined, null, "text"])
    expect(systemFailure(error, "")).toBeUndefined();
});
