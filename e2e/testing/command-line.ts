import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, inject } from "vitest";
import type { z } from "zod";
import { type Summary, summarySchema } from "../../shared/files/summary.ts";

const root = join(import.meta.dirname, "..", "..");
export const cliPath = join(root, "dist", "cli", "offramp.js");
export const nodeModules = join(root, "node_modules");

/** A path in the folder that all tests share; read it, don't write there. */
export function shared(...parts: string[]): string {
  return join(inject("workspace"), ...parts);
}

/** A new folder, removed after the test file. */
export async function newFolder(): Promise<string> {
  await mkdir(shared("folders"), { recursive: true });
  return mkdtemp(shared("folders", "test-"));
}

/** A folder of the test file's own, there once its tests run. */
export interface OwnFolder {
  /** A path in it; of no parts, its own. */
  path(...parts: string[]): string;
  /** Writes a file in it. @returns where */
  write(name: string, content: string | Uint8Array): Promise<string>;
}

export function ownFolder(): OwnFolder {
  let folder: string;
  beforeAll(async () => {
    folder = await newFolder();
  });
  const path = (...parts: string[]) => join(folder, ...parts);
  return {
    path,
    write: async (name, content) => {
      await writeFile(path(name), content);
      return path(name);
    },
  };
}

export interface Finished {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves once the error stream has the text. */
  said(text: string): Promise<void>;
  /** The error stream so far. */
  heard(): string;
}

export interface CallOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** When to give up on a command that hangs; two minutes if absent. */
  readonly limitSeconds?: number;
}

/** Programs that run now; none may outlive the tests. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const { pid } of running) process.kill(-pid!, "SIGKILL");
});
// Vitest's own process was killed.
process.on("disconnect", () => process.exit(1));

/** Starts `offramp` as a user's shell does, in a process group of its own. */
export function start(args: readonly string[], options: CallOptions = {}): Running {
  return startProgram(process.execPath, [cliPath, ...args], options);
}

export function startProgram(
  program: string,
  args: readonly string[],
  { cwd, environment = {}, limitSeconds = 120 }: CallOptions = {},
): Running {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, OFFRAMP_CACHE: shared("cache"), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    timeout: 1000 * limitSeconds,
    killSignal: "SIGKILL",
  });
  running.add(child);
  child.on("close", () => running.delete(child));
  const output = { stdout: "", stderr: "" };
  let onOutput = () => {};
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8");
    child[name].on("data", (text: string) => {
      output[name] += text;
      onOutput();
    });
  }
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on("error", (cause) => {
      running.delete(child);
      reject(cause);
    });
    child.on("close", (code) => resolve({ code, ...output }));
  });
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      onOutput = () => {
        if (output.stderr.includes(text)) resolve();
      };
      onOutput();
      finished.then(() => reject(new Error(`ended without saying "${text}": ${output.stderr}`)), reject);
    });
  return { child, finished, said, heard: () => output.stderr };
}

export function offramp(args: readonly string[], options?: CallOptions): Promise<Finished> {
  return start(args, options).finished;
}

/** Runs a command that has to succeed, and parses the one line that it prints. */
export async function offrampJson<Result>(
  args: readonly string[],
  schema: z.ZodType<Result>,
  options?: CallOptions,
): Promise<Result> {
  const { code, stdout, stderr } = await offramp([...args, "--json"], options);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^[^\n]+\n$/);
  return schema.parse(JSON.parse(stdout));
}

/**
 * Runs a command that has to refuse: one line that says what is wrong, no stack, nothing on the output stream,
 * and nothing left among the temporary files.
 */
export async function expectRefusal(
  args: readonly string[],
  expected: { code?: 1 | 2; says: RegExp },
  options: CallOptions = {},
): Promise<void> {
  const temporary = await mkdtemp(join(tmpdir(), "offramp-refusal-"));
  try {
    const environment = { ...options.environment, TMPDIR: temporary };
    const { code, stdout, stderr } = await offramp([...args, "--quiet"], { ...options, environment });
    expect(stderr).toMatch(/^offramp: [^\n]+\n$/);
    expect(stderr).toMatch(expected.says);
    expect(stderr).not.toMatch(/undefined|\[object|NaN|ENOENT|unexpected failure| at [\w/.]+:\d+/);
    expect({ code, stdout }).toEqual({ code: expected.code ?? 1, stdout: "" });
    expect(await readdir(temporary)).toEqual([]);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The small data set, and how its images become input. */
export function smallData(): string[] {
  return ["--data", shared("data"), "--preprocess", shared("preprocess.json")];
}

/** Arguments that take the small model through all stages in seconds. */
export function smallRun(out: string, model = shared("model.onnx")): string[] {
  return ["run", model, ...smallData(), "--profile-seconds", "0.5", "--no-compare", "--out", out];
}

/** A finished run of the small model with `--max-drop 0.5`, made by the first test that asks for it. */
export async function finishedRun(): Promise<{ folder: string; project: string; summary: Summary }> {
  const folder = shared("finished-run");
  if (!existsSync(folder)) await offrampJson([...smallRun(folder), "--max-drop", "0.5"], summarySchema);
  const summary = await readJson(join(folder, "summary.json"), summarySchema);
  return { folder, project: join(folder, "project.offramp"), summary };
}

export async function readJson<Result>(path: string, schema: z.ZodType<Result>): Promise<Result> {
  return schema.parse(JSON.parse(await readFile(path, "utf8")));
}
