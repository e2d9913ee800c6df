import type { Addressee } from "../../../../shared/fleet/fleet-names.ts";
import type { Fleet } from "../client/on-fleet.ts";
import { onSubmitted, take } from "../server/queue.ts";
import { openQueue } from "../server/streams.ts";
import { doJob, type WorkingWorker } from "./do-job.ts";
import { takePlace } from "./presence.ts";
import { openFolders } from "./worker-folders.ts";
import { describeWorker, type WorkerIdentity, type WorkerOptions } from "./worker-machine.ts";

/** How often it looks for jobs unasked: one that somebody else has given back rings no bell. */
const lookMs = 3000;

/**
 * Works for a fleet until it is told to stop: one job after the other, those for its own name first.
 * @param stop aborted when it is to end; the job that it works on goes back to the queue
 * @throws AppError 'fleet-unavailable' if one of its name is there already
 */
export async function serveJobs(
  fleet: Fleet,
  options: WorkerOptions,
  stop: AbortSignal,
  say: (line: string) => void,
  started: (identity: WorkerIdentity) => void = () => {},
): Promise<void> {
  const identity = describeWorker(options);
  const folders = await openFolders(options.cacheFolder, options.name);
  const to: Addressee[] = [{ worker: options.name }, ...options.tags.map((tag) => ({ tag }))];
  for (const each of to) await openQueue(fleet.connection, each);
  const presence = await takePlace(fleet.store, identity);
  const bell = createBell(stop);
  const bells = to.map((each) => onSubmitted(fleet.connection, each, bell.ring));
  started(identity);
  try {
    while (!stop.aborted) {
      const isBusy = await doNext({ fleet, identity, folders, presence, say }, to, stop);
      if (!isBusy && !stop.aborted) await bell.wait(lookMs);
    }
  } finally {
    for (const each of bells) each.unsubscribe();
    await presence.leave();
  }
}

/** @returns whether there was a job */
async function doNext(worker: WorkingWorker, to: readonly Addressee[], stop: AbortSignal): Promise<boolean> {
  try {
    for (const each of to) {
      const lease = await take(worker.fleet.connection, each);
      if (!lease) continue;
      await doJob(worker, lease, stop);
      return true;
    }
  } catch (cause) {
    // The server is out of reach, and the client connects again; what was in work comes again once its lease is over.
    worker.say(`the server doesn't answer (${(cause as Error).message}); trying again`);
  }
  return false;
}

/** Something to wait for that may have rung before. */
function createBell(stop: AbortSignal) {
  let hasRung = false;
  let wake = () => {};
  const ring = () => {
    hasRung = true;
    wake();
  };
  stop.addEventListener("abort", ring);
  return {
    ring,
    wait: async (longestMs: number) => {
      if (!hasRung)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, longestMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      hasRung = false;
    },
  };
}
