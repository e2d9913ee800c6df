import type { Random } from "../../../../shared/base/random.ts";
import { rules } from "../measurement-rules.ts";
import { type HeadWork, ownShares, towardsWork } from "./head-prior.ts";
import { rising } from "./isotonic.ts";
import { lowMean, type SortedTimes, sortTimes } from "./low-mean.ts";
import { type Pace, paceOf } from "./pace.ts";
import { halfWidthOf, resampleRounds } from "./resample-rounds.ts";
import type { Timing } from "./timing.ts";

type Timings = readonly Timing[];

/** Times of one exit: the network left there, the network that passes it, and its head alone. */
export interface ExitTimings {
  /** Which cut point, in their order along the backbone. */
  readonly cut: number;
  /** Heads of a kind share a prior. */
  readonly kind: string;
  readonly work: HeadWork;
  readonly leave: Timings;
  readonly pass: Timings;
  readonly head: Timings;
}

/** What was measured side by side. */
export interface GroupTimings {
  readonly rounds: number;
  readonly backbone: Timings;
  readonly final: Timings;
  /** What calling the runtime takes. */
  readonly empty: Timings;
  /** Per policy, the decision alone; heads are timed with the first's. */
  readonly decisions: readonly Timings[];
  readonly exits: readonly ExitTimings[];
}

/** In units of the backbone's time. */
export interface Estimate {
  readonly ratio: number;
  /** Of its 95 % interval. */
  readonly halfWidth: number;
}

export interface Fit {
  readonly final: Estimate;
  /** By cut. */
  readonly prefixes: ReadonlyMap<number, Estimate>;
  /** Per exit in the order of the groups, and per policy. */
  readonly heads: readonly (readonly Estimate[])[];
  /** What passing or leaving an exit takes beside its head; undefined if none was timed. */
  readonly branch: Estimate | undefined;
  /** How far the machine's pace changed while one group was measured, at most. */
  readonly drift: number;
}

/**
 * All latencies at once, as ratios to the backbone's. A head takes what it takes alone, and the branch around it, which is
 * the same for all: what passing one adds beyond the head, on the mean over all exits, and no
 * more than leaving leaves room for. A prefix is the time of leaving
 * without that of the head; along the backbone they never fall, and stay below the final stage. Intervals come from the same
 * fit to resampled rounds. Energies are fitted like times, for they add up like these.
 * @param lowShare of a subject's times, whose mean it is taken to need
 */
export function fitLatencies(
  groups: readonly GroupTimings[],
  random: Random,
  lowShare: number = rules.lowShare,
): Fit {
  const timed = groups.map(sortGroup);
  const rounds = Math.min(...groups.map((group) => group.rounds));
  const exits = groups.flatMap((group) => group.exits);
  const all = timed.map(({ series }) => levelsOf(series, lowShare));
  const draws = Array.from({ length: rules.resamples }, () =>
    timed.map(({ series, rounds }, index) =>
      levelsOf(series, lowShare, resampleRounds(rounds, random), all[index]),
    ),
  );
  const shares = sharesByKind(exits, aloneOf(all), draws.map(aloneOf));
  const found = exitsOf(all, exits, shares);
  const foundInDraws = draws.map((levels) => exitsOf(levels, exits, shares));
  const branches = branchesOf(found, foundInDraws);
  const parts = partsOf(all, found, branches.branch);
  const drawn = draws.map((levels, draw) => partsOf(levels, foundInDraws[draw], branches.drawn[draw]));
  const weights = parts.leave.map(
    (_, exit) => 1 / (varianceOf(drawn.map(({ leave }) => leave[exit])) + 1e-12),
  );
  const prefixes = prefixesOf(parts, exits, weights);
  const drawnPrefixes = drawn.map((one) => prefixesOf(one, exits, weights));
  const estimate = (ratio: number, values: readonly number[]): Estimate => ({
    ratio,
    halfWidth: halfWidthOf(values, rounds),
  });
  return {
    final: estimate(
      parts.final,
      drawn.map(({ final }) => final),
    ),
    prefixes: new Map(
      [...prefixes].map(([cut, ratio]) => [
        cut,
        estimate(
          ratio,
          drawnPrefixes.map((one) => one.get(cut)!),
        ),
      ]),
    ),
    heads: parts.heads.map((head, exit) =>
      parts.policies.map((policy, index) =>
        estimate(
          Math.max(0, head + policy),
          drawn.map((one) => one.heads[exit] + one.policies[index]),
        ),
      ),
    ),
    branch: exits.length > 0 ? estimate(branches.branch, branches.drawn) : undefined,
    drift: Math.max(...timed.map(({ pace }) => pace.drift)),
  };
}

interface Series<Times> {
  readonly backbone: Times;
  readonly final: Times;
  readonly empty: Times;
  readonly decisions: readonly Times[];
  /** Of all exits together: they take the same but for their heads, and so many times find the calm moments, as the final stage's do. */
  readonly pass: Times;
  readonly exits: readonly { readonly leave: Times; readonly head: Times }[];
}

/** Applies a function to every series of a group, with the same series of others. */
function mapSeries<From, To, Other>(
  from: Series<From>,
  map: (times: From, other: Other | undefined) => To,
  others?: Series<Other>,
): Series<To> {
  return {
    backbone: map(from.backbone, others?.backbone),
    final: map(from.final, others?.final),
    empty: map(from.empty, others?.empty),
    decisions: from.decisions.map((times, index) => map(times, others?.decisions[index])),
    pass: map(from.pass, others?.pass),
    exits: from.exits.map(({ leave, head }, index) => {
      const other = others?.exits[index];
      return { leave: map(leave, other?.leave), head: map(head, other?.head) };
    }),
  };
}

function sortGroup(group: GroupTimings): { series: Series<SortedTimes>; rounds: number; pace: Pace } {
  const { backbone, final, exits, rounds } = group;
  const pace = paceOf([backbone, final, ...exits.flatMap(({ leave, pass }) => [leave, pass])]);
  const pass = exits.flatMap((exit) => exit.pass);
  return { series: mapSeries({ ...group, pass }, (timings) => sortTimes(timings, pace.at)), rounds, pace };
}

/** @param otherwise what something takes of which no round counts */
function levelsOf(
  series: Series<SortedTimes>,
  lowShare: number,
  counts?: ArrayLike<number>,
  otherwise?: Series<number>,
): Series<number> {
  return mapSeries(
    series,
    (times, level?: number) => lowMean(times, counts, lowShare) ?? level ?? 0,
    otherwise,
  );
}

/** What each head takes alone. */
function aloneOf(groups: readonly Series<number>[]): number[] {
  return groups.flatMap(({ exits, empty, backbone }) => exits.map(({ head }) => (head - empty) / backbone));
}

/** What is known of the exits in one draw, before the branch is told from the noise. */
interface Exits {
  /** What each head takes alone, per exit as all here. */
  readonly alone: readonly number[];
  /** Of the network that leaves there. */
  readonly leave: readonly number[];
  /** What passing an exit adds beyond the head, on the mean: a difference of two whole runs, as noisy as these. */
  readonly branch: number;
  /** The most that it can be, for leaving the first exit takes it as well. */
  readonly room: number;
}

function exitsOf(
  groups: readonly Series<number>[],
  exits: readonly ExitTimings[],
  shares: readonly number[],
): Exits {
  const own = aloneOf(groups);
  const alone = byKind(exits, (kind) =>
    towardsWork(
      kind.map((exit) => own[exit]),
      kind.map((exit) => exits[exit].work),
      kind.map((exit) => shares[exit]),
    ),
  );
  const perExit = (value: (group: Series<number>) => number) =>
    groups.flatMap((group) => group.exits.map(() => value(group) / group.backbone));
  const leave = groups.flatMap(({ exits, backbone }) => exits.map(({ leave }) => leave / backbone));
  const called = perExit(({ empty }) => empty);
  return {
    alone,
    leave,
    branch: meanOf(perExit(({ pass, final }) => pass - final)) - meanOf(alone),
    room: Math.max(
      0,
      ...[Math.min(...leave.map((value, exit) => value - alone[exit] - called[exit]))].filter(
        Number.isFinite,
      ),
    ),
  };
}

/**
 * The branch, and in each draw: as measured where that is exact; where its noise is larger than the room that it has, from the
 * middle of that, as far off as is known then (a normal measurement of what may be anywhere between nothing and the room).
 */
function branchesOf(all: Exits, draws: readonly Exits[]): { branch: number; drawn: number[] } {
  const prior = all.room ** 2 / 12;
  const noise = varianceOf(draws.map(({ branch }) => branch));
  const share = prior + noise > 0 ? prior / (prior + noise) : 1;
  const within = (value: number) => Math.min(all.room, Math.max(0, value));
  const branch = within(share * all.branch + ((1 - share) * all.room) / 2);
  return { branch, drawn: draws.map((one) => within(branch + Math.sqrt(share) * (one.branch - all.branch))) };
}

interface Parts {
  readonly final: number;
  /** Per exit. */
  readonly leave: readonly number[];
  readonly heads: readonly number[];
  /** What another policy than the first adds to a head. */
  readonly policies: readonly number[];
}

function partsOf(groups: readonly Series<number>[], { alone, leave }: Exits, branch: number): Parts {
  const heads = alone.map((value) => Math.max(0, value + branch));
  const [{ decisions, backbone }] = groups;
  return {
    final: meanOf(groups.map(({ final, backbone }) => final / backbone)),
    leave: leave.map((value, exit) => value - heads[exit]),
    heads,
    policies: decisions.map((decision) => (decision - decisions[0]) / backbone),
  };
}

/** @returns by cut, in their order */
function prefixesOf(
  { leave, final }: Parts,
  exits: readonly ExitTimings[],
  weights: readonly number[],
): Map<number, number> {
  const sums = new Map<number, { weight: number; sum: number }>();
  exits.forEach(({ cut }, exit) => {
    const before = sums.get(cut) ?? { weight: 0, sum: 0 };
    sums.set(cut, {
      weight: before.weight + weights[exit],
      sum: before.sum + weights[exit] * leave[exit],
    });
  });
  const cuts = [...sums.keys()].sort((a, b) => a - b);
  const means = cuts.map((cut) => sums.get(cut)!.sum / sums.get(cut)!.weight);
  const fitted = rising(
    means,
    cuts.map((cut) => sums.get(cut)!.weight),
    final,
  );
  return new Map(cuts.map((cut, index) => [cut, fitted[index]]));
}

function sharesByKind(
  exits: readonly ExitTimings[],
  alone: readonly number[],
  drawn: readonly (readonly number[])[],
): number[] {
  return byKind(exits, (own) =>
    ownShares(
      own.map((exit) => alone[exit]),
      own.map((exit) => varianceOf(drawn.map((values) => values[exit]))),
      own.map((exit) => exits[exit].work),
    ),
  );
}

/** Computes values kind by kind. @returns per exit */
function byKind(
  exits: readonly ExitTimings[],
  compute: (own: readonly number[]) => readonly number[],
): number[] {
  const values = new Array<number>(exits.length);
  for (const kind of new Set(exits.map((exit) => exit.kind))) {
    const own = exits.flatMap((exit, index) => (exit.kind === kind ? [index] : []));
    compute(own).forEach((value, index) => {
      values[own[index]] = value;
    });
  }
  return values;
}

/** Of nothing 0. */
function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
}
