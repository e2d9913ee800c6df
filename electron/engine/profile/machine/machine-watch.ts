import { availableParallelism } from "node:os";
import type { Job } from "../../../../shared/base/job.ts";
import { rules } from "../measurement-rules.ts";
import { readClockMhz } from "./clock-speeds.ts";
import { loadBetween, readProcessorTimes } from "./load-meter.ts";

/** What a machine was like while it was measured. */
export interface MachineState {
  /** Share of the processor that others took, 0-1; absent where the system doesn't tell. */
  readonly load?: number;
  /** Slowest and fastest clock that was seen, MHz; absent where the system doesn't tell. */
  readonly clockMhz?: [number, number];
}

/** The processor's clock counts in steps of 10 ms, so a load is known after some of them. */
const shortestLookMs = 200;

/** What the watch needs of the world; replaced in tests. */
export const machine = {
  now: () => performance.now(),
  sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
  times: readProcessorTimes,
  clockMhz: readClockMhz,
  cores: availableParallelism,
};

/** What is left of the cores may be less than the threads that are measured by this much, before it is worth waiting. */
const tightness = 0.25;

/** Looks at the machine beside a measurement, and waits while others keep all of it busy. */
export class MachineWatch {
  readonly #threads: number;
  readonly #world: typeof machine;
  #last: ReturnType<typeof readProcessorTimes>;
  #lastAt: number;
  #seenMs = 0;
  #takenMs = 0;
  #clock: [number, number] | undefined;
  #waitingLeftMs: number;

  /** @param seconds that the measurement may take; a part of it may be spent on waiting */
  constructor(threads: number, seconds: number, world = machine) {
    this.#threads = threads;
    this.#world = world;
    this.#waitingLeftMs = 1000 * seconds * rules.waitingShare;
    this.#last = world.times();
    this.#lastAt = world.now();
  }

  /** So far. */
  state(): MachineState {
    return {
      ...(this.#seenMs > 0 && { load: this.#takenMs / this.#seenMs }),
      ...(this.#clock && { clockMhz: this.#clock }),
    };
  }

  /**
   * Takes what has been since the last look into account, then waits while others leave too little for the threads that are
   * measured, as long as there is time for it. What passes meanwhile counts for nothing.
   * @param say called before each step of waiting
   * @throws AppError 'cancelled'
   */
  async look(job: Job, say: () => void): Promise<void> {
    let load = this.#sinceLast();
    if (load === undefined) return;
    const { allMs } = this.#last;
    this.#restart();
    const seenMs = this.#last.allMs - allMs;
    this.#seenMs += seenMs;
    this.#takenMs += seenMs * load;
    const mhz = this.#world.clockMhz();
    if (mhz !== undefined)
      this.#clock = [Math.min(mhz, this.#clock?.[0] ?? mhz), Math.max(mhz, this.#clock?.[1] ?? mhz)];
    while (load !== undefined && !this.#hasRoom(load) && this.#waitingLeftMs > 0) {
      say();
      this.#waitingLeftMs -= rules.waitingStepMs;
      await this.#world.sleep(rules.waitingStepMs);
      await job.pause();
      load = this.#sinceLast();
      this.#restart();
    }
  }

  #restart(): void {
    this.#last = this.#world.times();
    this.#lastAt = this.#world.now();
  }

  #sinceLast(): number | undefined {
    if (this.#world.now() - this.#lastAt < shortestLookMs) return undefined;
    return loadBetween(this.#last, this.#world.times());
  }

  #hasRoom(load: number): boolean {
    const cores = this.#world.cores();
    return cores * (1 - load) >= Math.min(this.#threads, cores) - tightness;
  }
}

/**
 * Waits until others take less than a share of the processor, or the time is up; not at all where the system doesn't tell.
 * @param say called before each step
 * @throws AppError 'cancelled'
 */
export async function waitForLoad(
  below: number,
  longestMs: number,
  say: () => void,
  job: Job,
  world = machine,
): Promise<void> {
  for (const end = world.now() + longestMs; world.now() < end; ) {
    say();
    const before = world.times();
    await world.sleep(rules.waitingStepMs);
    await job.pause();
    if ((loadBetween(before, world.times()) ?? 0) < below) return;
  }
}
