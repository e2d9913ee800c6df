import { AppError } from "../../../../shared/base/errors.ts";
import type { Addressee } from "../../../../shared/fleet/fleet-names.ts";
import { startPython } from "../../onnx/python-runtime.ts";
import type { Fleet } from "../client/on-fleet.ts";
import { takeFirst } from "../server/queue.ts";
import { openQueue } from "../server/streams.ts";
import { type Bell, createBell, lookMs } from "./bell.ts";
import { doJob, type WorkingWorker } from "./do-job.ts";
import { createJobProcesses } from "./job-processes.ts";
import { takePlace } from "./presence.ts";
import { openFolders } from "./worker-folders.ts";
import { describeWorker, type WorkerIdentity, type WorkerOptions } from "./worker-machine.ts";

/**
 * Works for a fleet until it is told to stop: one job after the other, those for its own name first.
 * @param stop aborted when it is to end; the job that it works on goes back to the queue
 * @throws AppError 'usage' if there is no such runtime; 'fleet-unavailable' if one of its name is there already, or the server has ended the connection for good
 */
export async function serveJobs(
  fleet: Fleet,
  options: WorkerOptions,
  stop: AbortSignal,
  say: (line: string) => void,
  started: (identity: WorkerIdentity) => void = () => {},
): Promise<void> {
  const identity = describeWorker(options, await askRuntime(options));
  const folders = await openFolders(options.cacheFolder, options.name);
  const to: Addressee[] = [{ worker: options.name }, ...options.tags.map((tag) => ({ tag }))];
  for (const each of to) await openQueue(fleet.connection, each);
  const ending = new AbortController();
  let namesake: AppError | undefined;
  const presence = await takePlace(fleet, identity, (cause) => {
    namesake = cause;
    ending.abort();
  });
  const end = () => ending.abort();
  stop.addEventListener("abort", end);
  if (stop.aborted) end();
  const processes = createJobProcesses(folders.temporary);
  const bell = createBell(fleet.connection, to, ending.signal);
  started(identity);
  try {
    let isCutOff = false;
    while (!ending.signal.aborted) {
      const next = await doNext(
        { fleet, identity, options, folders, presence, processes, say },
        to,
        bell,
        ending.signal,
      ).catch((cause) => {
        if (fleet.connection.nats.isClosed()) throw lostServer(fleet, cause);
        // The client connects again; what was in work comes again once its lease is over.
        if (!isCutOff) say(`the server doesn't answer (${(cause as Error).message}); trying again`);
        return "cut off" as const;
      });
      if (isCutOff && next !== "cut off") say("the server answers again");
      isCutOff = next === "cut off";
      if (next !== "busy" && !ending.signal.aborted) await bell.wait(lookMs);
    }
    if (namesake) throw namesake;
  } finally {
    stop.removeEventListener("abort", end);
    bell.takeDown();
    processes.end();
    await presence.leave();
  }
}

/** What a Python says of its runtime, before any job needs it. */
async function askRuntime({ runtime }: WorkerOptions) {
  if (runtime === undefined) return undefined;
  const python = await startPython(runtime, Number.MAX_VALUE);
  python.end();
  return python;
}

/** @returns whether there was a job */
async function doNext(
  worker: WorkingWorker,
  to: readonly Addressee[],
  bell: Bell,
  stop: AbortSignal,
): Promise<"busy" | "idle"> {
  const look = () => takeFirst(worker.fleet.connection, to);
  const lease = (await look()) ?? (bell.hangUp() ? await look() : undefined);
  if (!lease) return "idle";
  bell.takeDown();
  await doJob(worker, lease, stop);
  return "busy";
}

/** The server doesn't let this worker in any more. */
function lostServer({ connection: { address } }: Fleet, cause: unknown): AppError {
  return new AppError(
    "fleet-unavailable",
    `the server ${address} has ended the connection for good (${(cause as Error).message}); check the worker's credentials`,
    {},
    { cause },
  );
}
