import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { threadCode } from "../../base/assets.ts";

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
  const workerData: GuardStart = { guardians, parent: process.ppid };
  const thread = new Worker(threadCode("probe-guard"), { eval: true, workerData, execArgv: [] });
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
