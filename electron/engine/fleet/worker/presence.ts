import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../../../shared/base/errors.ts";
import { plainText } from "../../../../shared/base/plain-text.ts";
import type { WorkerState } from "../../../../shared/fleet/worker-state.ts";
import { loadBetween, readProcessorTimes } from "../../profile/machine/load-meter.ts";
import type { Fleet } from "../client/on-fleet.ts";
import { callRoll, onPlaceTaken, sayGone, sayHere } from "../server/roll.ts";
import { type FleetStore, goneMs } from "../server/streams.ts";
import type { WorkerIdentity } from "./worker-machine.ts";

/** How often a worker says that it is there. */
const sayMs = goneMs / 4;

/** What a worker works on, as it tells it. */
export interface CurrentJob {
  readonly job: string;
  readonly kind: string;
  readonly since: number;
  done: number;
  note?: string;
}

/** A worker on the roll, for as long as it says so. */
export interface Presence {
  /** What it works on from now on; undefined if nothing. */
  works(on: CurrentJob | undefined): void;
  leave(): Promise<void>;
}

/**
 * Puts a worker on the roll and keeps it there.
 * @param giveWay called once another of its name is there as well, and it is this one that has to end
 * @throws AppError 'fleet-unavailable' if one of its name is there already
 */
export async function takePlace(
  { connection, store: { roll } }: Fleet,
  identity: WorkerIdentity,
  giveWay: (cause: AppError) => void,
): Promise<Presence> {
  const started = performance.now();
  let current: CurrentJob | undefined;
  let times = readProcessorTimes();
  let load = 0;
  const stateNow = (): WorkerState => {
    const now = readProcessorTimes();
    load = loadBetween(times, now) ?? load;
    times = now;
    return { ...identity, load, upSeconds: secondsSince(started), doing: current ? doingNow(current) : null };
  };
  // While the server is out of reach nothing can be said; the client connects again by itself.
  const say = () => sayHere(roll, stateNow()).catch(() => {});
  await waitForName(roll, identity);
  await sayHere(roll, stateNow());
  const timer = setInterval(say, sayMs);
  const namesakes = onPlaceTaken(connection, identity.name, (other) => {
    if (mustGiveWay(identity, other)) giveWay(takenBy(other));
  });
  return {
    works: (on) => {
      current = on;
      void say();
    },
    leave: async () => {
      clearInterval(timer);
      namesakes.unsubscribe();
      await sayGone(roll, identity).catch(() => {});
    },
  };
}

function doingNow({ job, kind, since, done, note }: CurrentJob): WorkerState["doing"] {
  return {
    job,
    kind,
    done,
    forSeconds: secondsSince(since),
    ...(note !== undefined && { note: note.slice(0, 300) }),
  };
}

function secondsSince(moment: number): number {
  return (performance.now() - moment) / 1000;
}

/**
 * Two can come at the same moment, or one while the other was cut off. Each hears of the other, and both know which of them
 * stays: its number is smaller, for of times their clocks and the way of a message say different things.
 */
function mustGiveWay({ instance }: WorkerIdentity, other: WorkerState): boolean {
  return other.instance < instance;
}

function takenBy({ name, host, pid }: WorkerState): AppError {
  return new AppError(
    "fleet-unavailable",
    `a worker named ${name} is there already (process ${pid} on ${plainText(host)}); give this one another --name`,
  );
}

/** One that was killed stands on the roll for some seconds; one that goes on saying so is there. */
async function waitForName(roll: FleetStore["roll"], { name, instance }: WorkerIdentity): Promise<void> {
  const others = async () =>
    (await callRoll(roll)).filter(
      (other) => other.name === name && other.instance !== instance && !isDeadHere(other),
    );
  const before = await others();
  if (before.length === 0) return;
  await delay(goneMs / 2);
  const heard = before.map(({ instance: one, upSeconds }) => `${one} ${upSeconds}`);
  const [stillThere] = (await others()).filter(
    (other) => !heard.includes(`${other.instance} ${other.upSeconds}`),
  );
  if (stillThere) throw takenBy(stillThere);
}

/** Whether it was a process of this machine that is gone. */
function isDeadHere({ host, pid }: WorkerState): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "ESRCH";
  }
}
