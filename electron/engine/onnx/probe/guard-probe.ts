import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";

/** What the guarding thread is started with. */
export interface GuardStart {
  /** Pids of the processes that the child serves; it ends when one of them is gone. */
  readonly guardians: readonly number[];
  /** Pid of whatever the system calls its parent. */
  readonly parent: number;
}

/** Counted from when they are set. */
export interface GuardLimits {
  readonly timeMs: number;
  /** Resident memory of the process. */
  readonly memoryBytes: number;
}

export interface ProbeGuard {
  /** Resolves once the limits hold. */
  limit(limits: GuardLimits): Promise<void>;
}

/** Has a thread watch over this process, whatever its main thread does, from now on. */
export function guardProbe(guardians: readonly number[]): ProbeGuard {
  // As text: it may lie in a packaged app's archive, which threads can't open files of.
  const code = readFileSync(new URL("./probe-guard.cjs", import.meta.url), "utf8");
  const workerData: GuardStart = { guardians, parent: process.ppid };
  const thread = new Worker(code, { eval: true, workerData, execArgv: [] });
  // Unguarded, no model runs here.
  thread.on("error", () => process.exit(1));
  thread.on("exit", () => process.exit(1));
  thread.unref();
  return {
    limit: async (limits) => {
      thread.ref();
      thread.postMessage(limits);
      await once(thread, "message");
      thread.unref();
    },
  };
}
