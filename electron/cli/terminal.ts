import { AppError, messageWithRemedy } from "../../shared/base/errors.ts";
import { systemFailure } from "../disk/system-failure.ts";
import { defaultCacheFolder, StageCache } from "../engine/index.ts";
import { type Interruption, listenForInterruption } from "./interruption.ts";
import { giveUpPrinting, printJson, printLines, sayLines } from "./print.ts";
import { progressStyle, StageProgress } from "./progress.ts";
import { remedies } from "./remedies.ts";

/** Flags that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly cache?: string;
}

/** What a command works with besides its own options. */
export interface Terminal {
  readonly options: CommonOptions;
  readonly progress: StageProgress;
  readonly cache: StageCache;
  /** Prints a result: one line of JSON with `--json`, else the lines, unless `--quiet`. */
  print(json: unknown, lines: readonly string[]): void;
}

/**
 * Runs a command to its end and turns what went wrong into one line on the error stream and an exit code:
 * 2 for wrong usage, 130 when stopped by a signal, 1 for everything else.
 */
export async function runCommand(
  options: CommonOptions,
  command: (terminal: Terminal) => Promise<void>,
): Promise<void> {
  const interruption = listenForInterruption();
  process.stdout.on("error", giveUpPrinting);
  const progress = new StageProgress(progressStyle(options.quiet === true), interruption);
  const fail = (error: unknown) => {
    progress.stop();
    process.exitCode = reportFailure(error, options, interruption);
  };
  // What a library throws where nobody waits for it.
  process.on("uncaughtException", (error) => {
    fail(error);
    process.exit();
  });
  try {
    await command({ options, progress, cache: new StageCache(options.cache ?? defaultCacheFolder()), print });
    progress.finish();
  } catch (error) {
    fail(error);
  }
  // Sessions of ONNX Runtime may keep threads alive; everything is written by now.
  process.stdout.write("", () => process.exit());

  function print(json: unknown, lines: readonly string[]): void {
    if (options.json) printJson(json);
    else if (!options.quiet) printLines(lines);
  }
}

function reportFailure(error: unknown, options: CommonOptions, { requested }: Interruption): number {
  const known = asAppError(error, requested);
  sayLines([`offramp: ${known.message}`, ...(options.verbose ? detailLines(error) : [])]);
  if (options.json) printFailure(known);
  if (known.code === "cancelled") return 130;
  return known.code === "usage" ? 2 : 1;
}

/** A failure for programs that read our output; the error stream has it in words. */
export function printFailure({ code, message }: Pick<AppError, "code" | "message">): void {
  printJson({ error: { code, message } });
}

function asAppError(error: unknown, interrupted: boolean): AppError {
  if (interrupted)
    return new AppError("cancelled", "stopped; what was finished is kept, the next run continues from there");
  const known = error instanceof AppError ? error : systemFailure(error);
  if (known) return new AppError(known.code, messageWithRemedy(known, remedies), known.details);
  const message = error instanceof Error ? error.message : String(error);
  return new AppError(
    "internal",
    `unexpected failure: ${message.split("\n", 1)[0]}; run again with --verbose for details`,
  );
}

/** Errors that have errors as their causes, so many levels deep. */
const deepestCause = 5;
const longestStack = 30;

/** All of the message, where it arose, and what caused it. Indented, so that no line of others' looks like ours. */
function detailLines(error: unknown): string[] {
  const lines: string[] = [];
  let cause = error;
  for (let depth = 0; cause instanceof Error && depth < deepestCause; depth++) {
    if (cause instanceof AppError && cause.unabridged !== undefined) lines.push(cause.unabridged);
    const stack = (cause.stack ?? String(cause)).split("\n").slice(0, longestStack);
    lines.push(...(depth === 0 ? stack : [`caused by ${stack[0]}`, ...stack.slice(1)]));
    cause = cause.cause;
  }
  return lines.map((line) => `  ${line}`);
}
