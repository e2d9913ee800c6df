import type { Job } from "../../../shared/base/job.ts";
import { type Random, shuffle } from "../../../shared/base/random.ts";
import type { Timing } from "./estimate/timing.ts";
import type { Stopwatch } from "./machine/stopwatch.ts";
import { rules } from "./measurement-rules.ts";

/** Something that is run again and again, with its times. */
export interface Timed {
  readonly run: () => Promise<unknown>;
  readonly timings: Timing[];
  /** What a run takes in energy, mJ where others say ms; counted by themselves, see `countEnergies`. */
  readonly energies?: Timing[];
  /** Runs in a row of which one time is the mean; two if absent. */
  readonly runs?: number;
  /** Timed in one visit out of so many and else only run; in each if absent. */
  readonly everyVisit?: number;
}

/** Runs that take turns within a visit: the forced paths of one network. */
export type TimedGroup = readonly Timed[];

/** How a measurement goes on. */
export interface Measurement {
  readonly groups: readonly TimedGroup[];
  /** Visited several times a round, for all others are compared with them. */
  readonly anchors?: readonly TimedGroup[];
  readonly stopwatch: Stopwatch;
  /** How long to go on; ten rounds are made even so, or four of a slow network. */
  readonly seconds: number;
  /**
   * Asked about once a second, after ten rounds, which groups need more times yet: the others are visited now and then, and
   * with none left the measurement ends.
   */
  readonly unsettled?: () => ReadonlySet<TimedGroup>;
  /** Called after each round; may wait. @param report says again how far it is, with another note */
  readonly afterRound?: (report: (note: string) => void) => Promise<void>;
}

const warmUpRuns = 3;
const minRounds = 10;
const maxRounds = 500;

/** For networks so slow that the usual rounds would take many times as long as asked for; their runs vary little. */
const minSlowRounds = 4;

/** When a network counts as slow: so many times the seconds asked for, and at least so many seconds. */
const patience = { times: 4, seconds: 5 };

/** Times taken of each path in a visit, after a run of all paths that brings the session back into the caches. */
const timesPerVisit = 2;

/** How often it is asked what is settled. */
const askingSeconds = 1;

/**
 * Runs the groups round-robin, each round in another random order, so that drift of the machine hits all alike.
 * @throws AppError 'cancelled'
 */
export async function measureRounds(
  { groups, anchors = [], stopwatch, seconds, unsettled, afterRound }: Measurement,
  random: Random,
  job: Job,
): Promise<void> {
  const visits = new Visits(stopwatch, job);
  for (const group of [...anchors, ...groups]) await visits.warmUp(group);
  const longest = Math.max(patience.times * seconds, patience.seconds);
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  const order = [...groups];
  let open: ReadonlySet<TimedGroup> = new Set(groups);
  let askedAt = 0;
  for (let round = 0; round < maxRounds; round++) {
    const now = elapsed();
    if (round >= (now < longest ? minRounds : minSlowRounds) && now >= seconds) return;
    if (unsettled && round >= minRounds && now - askedAt >= Math.min(askingSeconds, seconds / 4)) {
      open = unsettled();
      askedAt = elapsed();
      if (open.size === 0) return;
    }
    const report = (note: string) => job.report(Math.min(seconds, elapsed()), seconds, note);
    report(`round ${round + 1}`);
    const due = shuffle(order, random).filter(
      (group) => open.has(group) || round % rules.settledRounds === 0,
    );
    await visits.all(withAnchors(due, anchors, random), round);
    await afterRound?.(report);
  }
}

/** The anchors at even distances among the others. */
function withAnchors(
  groups: readonly TimedGroup[],
  anchors: readonly TimedGroup[],
  random: Random,
): TimedGroup[] {
  if (groups.length === 0) return shuffle([...anchors], random);
  return groups.flatMap((group, index) =>
    index % rules.anchorSpacing === 0 ? [...shuffle([...anchors], random), group] : [group],
  );
}

class Visits {
  readonly #counts = new Map<TimedGroup, number>();
  readonly #started = performance.now();

  constructor(
    private readonly stopwatch: Stopwatch,
    private readonly job: Job,
  ) {}

  async warmUp(group: TimedGroup): Promise<void> {
    for (let run = 0; run < warmUpRuns; run++) {
      for (const { run } of group) await run();
      await this.job.pause();
    }
  }

  async all(groups: readonly TimedGroup[], round: number): Promise<void> {
    for (const group of groups) await this.#visit(group, round);
  }

  async #visit(group: TimedGroup, round: number): Promise<void> {
    const count = this.#counts.get(group) ?? 0;
    this.#counts.set(group, count + 1);
    for (const { run } of group) await run();
    for (let time = 0; time < timesPerVisit; time++)
      for (const timed of group) {
        if (count % (timed.everyVisit ?? 1) === 0) await this.#time(timed, round);
        else await timed.run();
        await this.job.pause();
      }
  }

  /**
   * One time is the mean of two runs in a row or more. In deployment some inputs follow one that took the same path and
   * find the caches warm, others follow one that took another: so does the second run, and so does the first.
   */
  async #time({ run, timings, runs = 2 }: Timed, round: number): Promise<void> {
    const atMs = performance.now() - this.#started;
    const stop = this.stopwatch();
    for (let count = 0; count < runs; count++) await run();
    const { ownMs, wallMs } = stop();
    timings.push({ ms: ownMs / runs, wallMs: wallMs / runs, atMs, round });
  }
}
