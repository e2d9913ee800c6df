import { AppError } from "../../shared/base/errors.ts";
import { sweepScratchFolders } from "../disk/scratch-folder.ts";
import { defaultCacheFolder, StageCache } from "../engine/index.ts";
import { type Interruption, listenForInterruption } from "./interruption.ts";
import { giveUpPrinting, printJson, printLines } from "./print.ts";
import { progressStyle, StageProgress } from "./progress.ts";
import { reportFailure, stoppedText } from "./report-failure.ts";

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
  sweepScratchFolders();
  const progress = new StageProgress(progressStyle(options.quiet === true), interruption);
  const fail = (error: unknown) => {
    progress.stop();
    process.exitCode = failed(error, options, interruption);
  };
  // What a library throws where nobody waits for it.
  process.removeAllListeners("uncaughtException");
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

/** @returns the exit code */
function failed(error: unknown, options: CommonOptions, { requested }: Interruption): number {
  return reportFailure(requested ? new AppError("cancelled", stoppedText("stopped")) : error, options);
}
