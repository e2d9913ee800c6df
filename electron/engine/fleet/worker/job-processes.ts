import { type ChildProcess, fork } from "node:child_process";
import { AppError, type ErrorCode } from "../../../../shared/base/errors.ts";
import { childEntry } from "../../base/assets.ts";
import type { JobMessage, JobRequest, WireMessage, WrittenResult } from "./job-child-protocol.ts";

/** The child ends itself a little above the limits, so that it is rather ended from here, in words. */
const guardMargin = 1.1;

/** What a job's process tells while it works. */
export interface ChildListener {
  progress(done: number, note?: string): void;
  warning(text: string): void;
  /** Something for the other side of the job. */
  wire(bytes: Uint8Array): void;
}

/** A job that runs in a process of its own. */
export interface RunningChild {
  /** @throws AppError the job's own; 'engine-crashed' if its process dies or goes over a limit, 'cancelled' once it was ended */
  readonly result: Promise<WrittenResult>;
  /** Hands it what came from the other side. */
  hear(bytes: Uint8Array): void;
  /** Ends the process at once. */
  end(): void;
}

/** Where a worker's jobs are done, one at a time. */
export interface JobProcesses {
  /**
   * Does a job in a process of its own, which may die of it.
   * @param lasting what the job has in common with those that its process may do too, see `JobKind.lasting`; undefined if it does this one alone
   */
  run(request: JobRequest, lasting: string | undefined, listener: ChildListener): RunningChild;
  /** Ends the process that waits for another job, if one does. */
  end(): void;
}

/** How long a process waits for another job with its memory full of what it has opened. */
const waitMs = 120_000;

/** @param temporaryFolder in which processes keep what they keep for a moment */
export function createJobProcesses(temporaryFolder: string): JobProcesses {
  let waiting: { readonly child: ChildProcess; readonly lasting: string } | undefined;
  let overWait: NodeJS.Timeout | undefined;
  const take = () => {
    clearTimeout(overWait);
    const taken = waiting;
    waiting = undefined;
    return taken;
  };
  const end = () => take()?.child.kill("SIGKILL");
  const wait = (child: ChildProcess, lasting: string) => {
    waiting = { child, lasting };
    overWait = setTimeout(end, waitMs);
  };
  const start = () => {
    const child = startChild(temporaryFolder);
    return child.once("close", () => {
      if (waiting?.child === child) take();
    });
  };
  return {
    run: (request, lasting, listener) => {
      if (waiting?.lasting !== lasting) end();
      const child = take()?.child ?? start();
      const running = perform(child, request, listener);
      running.result.then(
        () => (lasting === undefined ? child.kill("SIGKILL") : wait(child, lasting)),
        () => child.kill("SIGKILL"),
      );
      return running;
    },
    end,
  };
}

function perform(
  child: ChildProcess,
  { limits, ...request }: JobRequest,
  listener: ChildListener,
): RunningChild {
  const started = performance.now();
  let isEnded = false;
  const overTime = setTimeout(() => child.kill("SIGKILL"), limits.timeMs);
  const listening = new AbortController();
  const result = new Promise<WrittenResult>((resolve, reject) => {
    const hear = (message: JobMessage) => {
      if (message.say === "progress") listener.progress(message.done, message.note);
      else if (message.say === "warning") listener.warning(message.text);
      else if (message.say === "wire") listener.wire(message.bytes);
      else if (message.say === "done") resolve(message.result);
      else if (!message.outcome.ok) {
        const { code, message: text, details } = message.outcome.error;
        reject(new AppError(code as ErrorCode, text, details));
      }
    };
    const fail = (cause: Error) => reject(died(`could not be started (${cause.message})`));
    const close = (code: number | null, signal: string | null) => {
      if (isEnded) reject(new AppError("cancelled", "the job was cancelled"));
      const isOver = performance.now() - started >= limits.timeMs;
      reject(died(endOf(code, signal, isOver ? limits : undefined, limits.memoryBytes)));
    };
    child.on("message", hear).on("error", fail).on("close", close);
    listening.signal.addEventListener("abort", () =>
      child.off("message", hear).off("error", fail).off("close", close),
    );
  }).finally(() => {
    clearTimeout(overTime);
    listening.abort();
  });
  const guarded = { memoryBytes: guardMargin * limits.memoryBytes, timeMs: guardMargin * limits.timeMs };
  child.send({ ...request, limits: guarded } satisfies JobRequest, () => {});
  return {
    result,
    hear: (bytes) => {
      if (child.connected) child.send({ wire: bytes } satisfies WireMessage, () => {});
    },
    end: () => {
      isEnded = true;
      child.kill("SIGKILL");
    },
  };
}

function died(how: string): AppError {
  return new AppError("engine-crashed", `the job's process ${how}`);
}

function endOf(
  code: number | null,
  signal: string | null,
  over: { readonly timeMs: number } | undefined,
  memoryBytes: number,
): string {
  if (over) return `took more than the ${Math.round(over.timeMs / 1000)} s that it may take`;
  if (signal === "SIGKILL")
    return `was killed: it needed more than ${(memoryBytes / 1e9).toFixed(1)} GB of memory, or than the machine has`;
  return signal ? `died of ${signal}` : `ended with code ${code}`;
}

/** What of the environment a job's process needs; nothing else, such as the server's credentials, is a job's business. */
const keptVariables = [
  "PATH",
  "SystemRoot",
  "LD_LIBRARY_PATH",
  "HOME",
  "OMP_NUM_THREADS",
  // Where a Python finds its packages, and a runtime its device.
  "PYTHONPATH",
  "CUDA_VISIBLE_DEVICES",
  "ORT_DISABLE_TELEMETRY",
];

function startChild(temporaryFolder: string): ChildProcess {
  const [entry, ...role] = childEntry("job-child");
  const kept = keptVariables.filter((name) => process.env[name] !== undefined);
  const temporary = { TMPDIR: temporaryFolder, TEMP: temporaryFolder, TMP: temporaryFolder };
  const child = fork(entry, [...role, String(process.pid)], {
    env: {
      ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
      ...temporary,
      ELECTRON_RUN_AS_NODE: "1",
    },
    execArgv: [],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
  // Of one that waits nobody else would hear, and an error that nobody hears ends the worker.
  return child.on("error", () => {});
}
