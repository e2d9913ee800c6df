import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import { type Random, shuffle } from "../../../../shared/base/random.ts";
import type { Timing } from "../estimate/timing.ts";
import type { Timed } from "../measure-rounds.ts";
import { rules } from "../measurement-rules.ts";
import type { EnergyMeter } from "./energy-meter.ts";

/** Something that is run again and again, with its energies. */
export type Counted = Pick<Timed, "run" | "everyVisit"> & { readonly energies?: Timing[] };

/** How a counting goes on. */
export interface Counting {
  readonly subjects: readonly Counted[];
  readonly meter: EnergyMeter;
  /** How long to go on; six rounds are made even so. */
  readonly seconds: number;
  /** Asked after each round, from the sixth on, whether all is known well enough. */
  readonly isSettled?: () => boolean;
  /** A clock, ms. */
  readonly now?: () => number;
}

/** Blocks of one round each, of which intervals need some. */
const minRounds = 6;
const maxRounds = 200;

/**
 * Counts what the subjects take, in rounds, each in another random order: a whole batch of runs of one subject between two readings,
 * as sensors tick slowly. It is a measurement of its own, so that no time that is stated was taken beside a reading.
 * Nothing is subtracted: what idles meanwhile is in it.
 * @throws AppError 'cancelled'; of the meter
 */
export async function countEnergies(
  { subjects, meter, seconds, isSettled, now = () => performance.now() }: Counting,
  random: Random,
  job: Job,
): Promise<void> {
  const started = now();
  const elapsed = () => (now() - started) / 1000;
  const batchMs = await batchLength(meter, now);
  const runsOf = new Map<Counted, number>();
  const order = [...subjects];
  for (let round = 0; round < maxRounds; round++) {
    if (round >= minRounds && (elapsed() >= seconds || isSettled?.())) return;
    job.report(Math.min(seconds, elapsed()), seconds, `energy, round ${round + 1}`);
    for (const subject of shuffle(order, random)) {
      const everyVisit = subject.everyVisit ?? 1;
      if ((round + subjects.indexOf(subject)) % everyVisit !== 0) continue;
      await job.pause();
      const runs = runsOf.get(subject) ?? (await runsIn(subject, batchMs, now));
      runsOf.set(subject, runs);
      const { millijoules, ms } = await countBatch(subject, runs, meter, now);
      subject.energies?.push({ ms: millijoules, wallMs: ms, atMs: now() - started, round });
    }
  }
}

/** How long a batch takes at least, ms: so that neither a reading nor a step of the counter is a large part of it. */
async function batchLength(meter: EnergyMeter, now: () => number): Promise<number> {
  const readings = 3;
  const before = now();
  for (let reading = 0; reading < readings; reading++) await meter.read();
  const readingMs = (now() - before) / readings;
  const stepMs = meter.everyMs === undefined ? await stepLength(meter, now) : 0;
  return Math.max(
    rules.energyBatchMs,
    rules.energyBatchReadings * readingMs,
    rules.energyBatchSteps * stepMs,
  );
}

/** Steps of a counter that are waited for, and how long, ms. */
const watchedSteps = 4;
const longestWaitMs = 3000;

/** How far apart the moments are at which a counter rises, ms. @throws AppError 'system' if it doesn't */
async function stepLength(meter: EnergyMeter, now: () => number): Promise<number> {
  const started = now();
  const steps: number[] = [];
  for (let last = await meter.read(); steps.length < watchedSteps; ) {
    const millijoules = await meter.read();
    if (millijoules > last) steps.push(now());
    last = millijoules;
    if (now() - started > longestWaitMs) break;
  }
  if (steps.length === 0) throw stuck(meter);
  return steps.length > 1 ? (steps[steps.length - 1] - steps[0]) / (steps.length - 1) : longestWaitMs;
}

function stuck({ name }: EnergyMeter): AppError {
  return new AppError(
    "system",
    `${name} counts no energy: it stays as it is, expected a counter that rises while a network runs`,
  );
}

/** How many runs of a subject take so long; tried beginning with one. */
async function runsIn({ run }: Counted, batchMs: number, now: () => number): Promise<number> {
  for (let runs = 1; ; runs *= 4) {
    const before = now();
    for (let count = 0; count < runs; count++) await run();
    const ms = now() - before;
    if (ms >= batchMs / 4) return Math.max(1, Math.ceil((runs * batchMs) / ms));
  }
}

/**
 * One batch, or several where a counter didn't rise in one.
 * @returns energy of one run and how long it took. Of the energy between both readings a run's share is that of its time: readings
 * in between, where a power has to be followed, take time as well
 * @throws AppError 'system' if the counter doesn't rise
 */
async function countBatch(
  { run }: Counted,
  runs: number,
  meter: EnergyMeter,
  now: () => number,
): Promise<{ readonly millijoules: number; readonly ms: number }> {
  const before = await meter.read();
  const started = now();
  let readingMs = 0;
  let lastRead = started;
  for (let all = runs; ; all += runs) {
    for (let count = 0; count < runs; count++) {
      await run();
      const at = now();
      if (meter.everyMs === undefined || at - lastRead < meter.everyMs) continue;
      await meter.read();
      lastRead = now();
      readingMs += lastRead - at;
    }
    const elapsedMs = now() - started;
    const read = now();
    const after = await meter.read();
    if (after > before) {
      const runsMs = elapsedMs - readingMs;
      const share = elapsedMs > 0 ? runsMs / elapsedMs : 1;
      return { millijoules: ((after - before) * share) / all, ms: runsMs / all };
    }
    readingMs += now() - read;
    if (elapsedMs > longestWaitMs) throw stuck(meter);
  }
}
