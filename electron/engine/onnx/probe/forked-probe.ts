import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type FileHandle, open } from "node:fs/promises";
import { keptEnvironment } from "../../../disk/kept-environment.ts";
import { childEntry } from "../../base/assets.ts";
import type { ProbeLauncher, ProbeMessage } from "./model-probe-protocol.ts";
import { keepModel } from "./probe-model-file.ts";

/** Starts the child as plain Node forks one; it reads the model from standard input. */
export const forkedProbe: ProbeLauncher = async (model, listener) => {
  const file = await nameless(model);
  let child: ChildProcess;
  try {
    child = startChild(file.fd);
  } catch (cause) {
    await file.close();
    throw cause;
  }
  child.on("message", (message: ProbeMessage) => listener.said(message));
  child.on("error", (cause) => listener.died(`could not be started (${cause.message})`));
  child.on("close", (code, signal) => listener.died(endOf(code, signal)));
  return {
    get pid() {
      return isRunning(child) ? child.pid : undefined;
    },
    send: (request) => void child.send(request),
    end: async () => {
      await end(child);
      await file.close();
    },
  };
};

/** As part of a sentence, in the words that the app's relay has. */
function endOf(code: number | null, signal: string | null): string {
  if (signal === "SIGKILL") return "was killed, by the system or by somebody";
  return signal ? `died of ${signal}` : `ended with code ${code}`;
}

/** A file for reading that is already unlinked, so nothing stays behind however we end. */
async function nameless(model: readonly Uint8Array[]): Promise<FileHandle> {
  const kept = await keepModel(model);
  try {
    return await open(kept.path, "r");
  } finally {
    await kept.remove();
  }
}

/** @param standardInput file descriptor of the model */
function startChild(standardInput: number): ChildProcess {
  const [entry, ...role] = childEntry("model-probe-child");
  return fork(entry, [...role, String(process.pid)], {
    // Inside Electron process.execPath is Electron; this makes it behave as Node.
    env: { ...keptEnvironment(process.env), ELECTRON_RUN_AS_NODE: "1" },
    execArgv: [],
    stdio: [standardInput, "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
