import type { ThresholdGrid } from "../space/threshold-grid.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";

/** An exit of a plan under search: a candidate at one level of its threshold grid. */
export interface PlacedExit {
  /** Index into the space's candidates. */
  readonly candidate: number;
  /** Index into the candidate's thresholds. */
  readonly level: number;
}

/**
 * What a search asks for: all plans that go on from `prefix` with one exit at each level of a range, or with
 * two exits, the second at every level. The exits rise along the backbone. One pass over the samples that the
 * prefix lets through answers a whole sweep; a single plan is a sweep of one level. An exit may also be swept in
 * the midst of a plan, whose later exits are its `suffix`.
 */
export interface Sweep {
  readonly prefix: readonly PlacedExit[];
  readonly candidate: number;
  readonly fromLevel: number;
  /** Exclusive. */
  readonly toLevel: number;
  /** The second exit, at a later position than `candidate`. */
  readonly nextCandidate?: number;
  /** Exits behind the swept one, which stay as they are; not together with `nextCandidate`. */
  readonly suffix?: readonly PlacedExit[];
  /** Two more exits behind the swept one, each at every level, by the least that they cost; not together with the others. */
  readonly priced?: PricedExits;
}

/**
 * Two exits at rising positions. A plan's *priced latency* is its mean latency plus `priceMs` times the share of samples that
 * it gets wrong: at a price, accuracy and latency are one sum over the samples.
 */
export interface PricedExits {
  readonly nextCandidate: number;
  readonly lastCandidate: number;
  readonly priceMs: number;
}

/**
 * The figures of a sweep's plans, row-major [rows x columns]: a row per level of `candidate`, a column per
 * level of `nextCandidate` (one column where there is none). An evaluator with a target curve may leave out
 * plans of a two-exit sweep that don't beat it.
 * The arrays belong to the evaluator and hold until its next sweep; only the first `entries` count.
 */
export interface SweepResult {
  readonly sweep: Sweep;
  readonly rows: number;
  readonly columns: number;
  readonly entries: number;
  /** Number of each entry's plan, rising; absent where no plan is left out. */
  readonly plans?: Int32Array;
  /** Samples that the plan gets right. */
  readonly right: Int32Array;
  /** Mean or p95, as the evaluator was told, ms. */
  readonly latencyMs: Float64Array;
  /** Samples that pass the sweep's first exit, per row; of two-exit sweeps those that pass both, per entry. */
  readonly passing: Int32Array;
  readonly passingBoth?: Int32Array;
  /** Samples per group of equal latency, of a sweep midway: [rows x exits and the backbone]. */
  readonly groupCounts?: Int32Array;
  /** What the plans of a one-exit sweep leave to later exits; absent where exits follow. */
  readonly outlook?: Outlook;
  /** Of a priced sweep, which has no entries: per row what no plan's priced latency is below, to a millionth, ms. */
  readonly leastMs?: Float64Array;
}

/** What bounds on longer plans are made of; per row of a one-exit sweep. */
export interface Outlook {
  /** Samples that travel on past the exit. */
  readonly remaining: Int32Array;
  /** Samples that left at the exit or before, rightly. */
  readonly rightSoFar: Int32Array;
  /** Remaining samples that the backbone gets right. */
  readonly backboneRight: Int32Array;
  /** Remaining samples that a later candidate or the backbone gets right. */
  readonly reachable: Int32Array;
  /** Samples leaving here that every later candidate and the backbone would have got right. */
  readonly easyLeft: Int32Array;
  /** Samples leaving here rightly that the backbone would have got wrong. */
  readonly rescued: Int32Array;
}

/** How many plans a sweep holds. */
export function sweepSize(sweep: Sweep, grid: ThresholdGrid): number {
  return (sweep.toLevel - sweep.fromLevel) * sweepColumns(sweep, grid);
}

/** How many plans of a sweep have its first exit at the same level. */
export function sweepColumns({ nextCandidate, priced }: Sweep, grid: ThresholdGrid): number {
  if (priced) return grid[priced.nextCandidate].length * grid[priced.lastCandidate].length;
  return nextCandidate === undefined ? 1 : grid[nextCandidate].length;
}

/** The candidates that all plans of a sweep consist of. */
export function sweptCandidates(sweep: Sweep): number[] {
  const candidates = [...sweep.prefix.map((exit) => exit.candidate), sweep.candidate];
  if (sweep.nextCandidate !== undefined) candidates.push(sweep.nextCandidate);
  if (sweep.priced) candidates.push(sweep.priced.nextCandidate, sweep.priced.lastCandidate);
  for (const { candidate } of sweep.suffix ?? []) candidates.push(candidate);
  return candidates;
}

/** The exits of plan number `index` of a sweep that is not priced (row-major, as in its result). */
export function sweptExits(sweep: Sweep, index: number, grid: ThresholdGrid): PlacedExit[] {
  const columns = sweepColumns(sweep, grid);
  const level = sweep.fromLevel + Math.floor(index / columns);
  const exits = [...sweep.prefix, { candidate: sweep.candidate, level }];
  if (sweep.nextCandidate !== undefined) {
    exits.push({ candidate: sweep.nextCandidate, level: index % columns });
  }
  return sweep.suffix ? [...exits, ...sweep.suffix] : exits;
}

/** The same with the thresholds of their levels. */
export function sweptPlan(sweep: Sweep, index: number, grid: ThresholdGrid): ThresholdedExit[] {
  return sweptExits(sweep, index, grid).map(({ candidate, level }) => ({
    candidate,
    threshold: grid[candidate][level],
  }));
}

/** The sweep that holds just one plan, of at least one exit. */
export function singlePlanSweep(exits: readonly PlacedExit[]): Sweep {
  const last = exits[exits.length - 1];
  return {
    prefix: exits.slice(0, -1),
    candidate: last.candidate,
    fromLevel: last.level,
    toLevel: last.level + 1,
  };
}
