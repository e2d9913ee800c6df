import { AppError, messageWithRemedy } from "../../shared/base/errors.ts";
import { sweepScratchFolders } from "../disk/scratch-folder.ts";
import { systemFailure } from "../disk/system-failure.ts";
import { defaultCacheFolder, StageCache } from "../engine/index.ts";
import { type Interruption, listenForInterruption } from "./interruption.ts";
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
  /** Prints a result: one line of JSON with `--json`, else the text, unless `--quiet`. */
  print(json: unknown, text: string): void;
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
  sweepScratchFolders();
  const progress = new StageProgress(progressStyle(options.quiet === true), interruption);
  try {
    await command({ options, progress, cache: new StageCache(options.cache ?? defaultCacheFolder()), print });
    progress.finish();
  } catch (error) {
    progress.stop();
    process.exitCode = reportFailure(error, options, interruption);
  }
  // Sessions of ONNX Runtime may keep threads alive; everything is written by now.
  process.stdout.write("", () => process.exit());

  function print(json: unknown, text: string): void {
    if (options.json) printLine(JSON.stringify(json));
    else if (!options.quiet) printLine(text);
  }
}

function reportFailure(error: unknown, options: CommonOptions, { requested }: Interruption): number {
  const known = asAppError(error, requested);
  process.stderr.write(`offramp: ${known.message.replace(/\s*\n\s*/g, " ")}\n`);
  if (options.verbose && error instanceof Error) process.stderr.write(`${error.stack}\n${causeOf(error)}`);
  if (options.json) printFailure(known);
  if (known.code === "cancelled") return 130;
  return known.code === "usage" ? 2 : 1;
}

/** A failure for programs that read our output; the error stream has it in words. */
export function printFailure({ code, message }: Pick<AppError, "code" | "message">): void {
  printLine(JSON.stringify({ error: { code, message } }));
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`, (cause) => {
    if (cause) giveUpPrinting(cause);
  });
}

/** A reader that closes the pipe (`offramp inspect … | head`) is no failure; results that got lost are one. */
function giveUpPrinting(cause: NodeJS.ErrnoException): never {
  if (cause.code === "EPIPE") process.exit();
  process.stderr.write(`offramp: the result can't be printed (${cause.code ?? cause.message})\n`);
  process.exit(1);
}

function asAppError(error: unknown, interrupted: boolean): AppError {
  if (interrupted)
    return new AppError("cancelled", "stopped; what was finished is kept, the next run continues from there");
  if (error instanceof AppError) return new AppError(error.code, messageWithRemedy(error, remedies));
  const known = systemFailure(error, ", or set another --cache or --out");
  if (known) return known;
  const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
  return new AppError("internal", `unexpected failure: ${message}; run again with --verbose for details`);
}

function causeOf({ cause }: Error): string {
  return cause instanceof Error ? `caused by ${cause.stack}\n` : "";
}
