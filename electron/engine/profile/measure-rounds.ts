import type { Job } from "../../../shared/base/job.ts";
import { type Random, shuffle } from "../../../shared/base/random.ts";

/** Something that is run again and again, with its times in ms. */
export interface Timed {
  readonly run: () => Promise<unknown>;
  readonly times: number[];
}

/** Runs that take turns within a visit: the forced paths of one network. */
export type TimedGroup = readonly Timed[];

const warmUpRuns = 3;
const minRounds = 10;
const maxRounds = 500;

/** For networks so slow that the usual rounds would take many times as long as asked for; their runs vary little. */
const minSlowRounds = 4;

/** When a network counts as slow: so many times the seconds asked for, and at least so many seconds. */
const patience = { times: 4, seconds: 5 };

/** Times taken of each path in a visit, after a run of all paths that brings the session back into the caches. */
const timesPerVisit = 2;

/**
 * Runs the groups round-robin, each round in another random order, so that drift of the machine hits all alike.
 * @param seconds how long to continue; ten rounds are made even so, or four of a slow network
 * @throws AppError 'cancelled'
 */
export async function measureRounds(
  groups: readonly TimedGroup[],
  seconds: number,
  random: Random,
  job: Job,
): Promise<void> {
  for (const group of groups)
    for (let run = 0; run < warmUpRuns; run++) {
      await runAll(group);
      await job.pause();
    }
  const order = [...groups];
  const longest = Math.max(patience.times * seconds, patience.seconds);
  const started = performance.now();
  for (let round = 0; round < maxRounds; round++) {
    const elapsed = (performance.now() - started) / 1000;
    if (round >= (elapsed < longest ? minRounds : minSlowRounds) && elapsed >= seconds) return;
    job.report(Math.min(seconds, elapsed), seconds, `round ${round + 1}`);
    for (const group of shuffle(order, random)) {
      await runAll(group);
      for (let run = 0; run < timesPerVisit; run++)
        for (const timed of group) {
          await time(timed);
          await job.pause();
        }
    }
  }
}

async function runAll(group: TimedGroup): Promise<void> {
  for (const { run } of group) await run();
}

/**
 * One time is the mean of two runs in a row. In deployment some inputs follow one that took the same path and find
 * the caches warm, others follow one that took another: so does the second run, and so does the first.
 */
async function time({ run, times }: Timed): Promise<void> {
  const start = performance.now();
  await run();
  await run();
  times.push((performance.now() - start) / 2);
}
