import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import type { Addressee } from "../../../../shared/fleet/fleet-names.ts";
import {
  absenceText,
  otherVersionText,
  takesJobsFor,
  type WorkerState,
} from "../../../../shared/fleet/worker-state.ts";
import { ownVersion } from "../server/own-version.ts";
import { callRoll } from "../server/roll.ts";
import type { FleetStore } from "../server/streams.ts";

interface WithRoll {
  readonly store: Pick<FleetStore, "roll">;
}

/** Who is there. */
export function workersOf({ store }: WithRoll): Promise<WorkerState[]> {
  return callRoll(store.roll);
}

/** Those who are there for it: one of another version has queues of its own, and never sees such a job. */
export async function workersFor(fleet: WithRoll, to: Addressee): Promise<WorkerState[]> {
  const there = await workersOf(fleet);
  return there.filter((worker) => takesJobsFor(worker, to) && worker.version === ownVersion);
}

/**
 * @returns who gets none of its jobs though they are meant for it, a sentence each
 * @throws AppError 'fleet-unavailable' if nobody is there for it, or everybody is of another version
 */
export async function checkThere(fleet: WithRoll, to: Addressee): Promise<readonly string[]> {
  const there = await workersOf(fleet);
  const meant = there.filter((worker) => takesJobsFor(worker, to));
  if (meant.length === 0) throw new AppError("fleet-unavailable", absenceText(to, there));
  const others = meant.flatMap((worker) => otherVersionText(worker, ownVersion) ?? []);
  if (others.length < meant.length) return others;
  throw new AppError("fleet-unavailable", others[0]);
}

/**
 * Checks once that somebody is there, and warns of those who get no jobs: whoever was there is waited for, since work that is
 * shared asks again and again.
 * @throws what `checkThere` throws, upon which the next one checks again
 */
export function checkOnce(fleet: WithRoll, to: Addressee): (job: Job) => Promise<void> {
  let checking: Promise<void> | undefined;
  const check = async (job: Job) => {
    for (const text of await checkThere(fleet, to)) job.warn?.(text);
  };
  return async (job) => {
    checking ??= check(job);
    try {
      await checking;
    } catch (cause) {
      checking = undefined;
      throw cause;
    }
  };
}
