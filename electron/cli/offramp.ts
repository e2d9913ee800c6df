#!/usr/bin/env node
import { type ChildProcess, spawn } from "node:child_process";
import { isatty } from "node:tty";
import { fileURLToPath } from "node:url";
import { EndOfText, endReason } from "./end-reason.ts";
import { sayLines, showCursor } from "./print.ts";
import { describedFailure, printFailure, stoppedText } from "./report-failure.ts";

/**
 * What a person starts: a process that does nothing but watch over the one that works. ONNX Runtime and image
 * libraries block their thread for as long as they like, so there no second Ctrl-C would be heard; and a process
 * that is out of memory can't say so itself.
 */

/** Exit codes of the working process, from the moment on at which it can say itself what there is to say. */
const spokenCodes = [0, 1, 2, 130];

/**
 * How long the working process may take to end by itself after the first signal, ms: `npm run` passes on what the
 * terminal has sent to all already, which must not count as the second.
 */
const graceMs = 500;

const isVerbose = process.argv.includes("--verbose");

try {
  watchOver(start());
} catch (cause) {
  end(1, describedFailure(cause).message);
}

/**
 * Its error stream is ours under another number. The usual one is a pipe to us, for what libraries and V8 write past
 * our own code. On the last one it says that it can speak for itself; and it closes when we end, however we do.
 */
function start(): ChildProcess {
  const entry = fileURLToPath(new URL("command-line.js", import.meta.url));
  return spawn(process.execPath, [...process.execArgv, entry, ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "pipe", process.stderr.fd, "pipe"],
  });
}

function watchOver(child: ChildProcess): void {
  const written = new EndOfText();
  child.stderr?.on("data", (chunk: Buffer) => {
    written.add(chunk);
    if (isVerbose) sayLines(chunk.toString().trimEnd().split("\n"));
  });
  let canSpeak = false;
  // There are none if it couldn't be started.
  (child.stdio as ChildProcess["stdio"] | undefined)?.[4]?.once("data", () => {
    canSpeak = true;
  });
  const interruption = passOnSignals(child);
  child.on("error", (cause) => end(1, describedFailure(cause).message));
  child.on("close", (code, signal) => {
    if (canSpeak && code !== null && spokenCodes.includes(code)) process.exit(code);
    if (interruption.requested) end(130, stoppedText("stopped"));
    end(1, endReason(code, signal, written.text));
  });
}

function passOnSignals(child: ChildProcess): { readonly requested: boolean } {
  let firstMs: number | undefined;
  const pass = (signal: NodeJS.Signals) => {
    if (firstMs !== undefined) {
      setTimeout(stopAtOnce, firstMs + graceMs - performance.now());
      return;
    }
    firstMs = performance.now();
    child.kill(signal);
  };
  function stopAtOnce(): void {
    child.kill("SIGKILL");
    end(130, stoppedText("stopped at once"));
  }
  process.on("SIGINT", pass);
  process.on("SIGTERM", pass);
  return {
    get requested() {
      return firstMs !== undefined;
    },
  };
}

/** Says the last line in the working process's place. */
function end(code: number, message: string): never {
  // A progress bar that couldn't tidy up has hidden the cursor.
  if (isatty(process.stderr.fd)) showCursor();
  sayLines([`offramp: ${message}`]);
  if (process.argv.includes("--json"))
    printFailure({ code: code === 130 ? "cancelled" : "engine-crashed", message });
  process.exit(code);
}
