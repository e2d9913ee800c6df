import { AppError, assertNever } from "../base/errors.ts";
import type { ThresholdGrid } from "../space/threshold-grid.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";

/** An exit of a plan under search: a candidate at one level of its threshold grid. */
export interface PlacedExit {
  /** Index into the space's candidates. */
  readonly candidate: number;
  /** Index into the candidate's thresholds. */
  readonly level: number;
}

/** What all sweeps have: an exit at each level of a range, behind the exits of a prefix, rising along the backbone. */
interface SweptLevels {
  readonly prefix: readonly PlacedExit[];
  readonly candidate: number;
  readonly fromLevel: number;
  /** Exclusive. */
  readonly toLevel: number;
}

/** The plans that end with the swept exit. */
export interface OneExitSweep extends SweptLevels {
  readonly kind: "one-exit";
}

/** The plans that end with the swept exit and another one, at every level of that. */
export interface TwoExitSweep extends SweptLevels {
  readonly kind: "two-exits";
  /** The second exit, at a later position than `candidate`. */
  readonly nextCandidate: number;
}

/** The plans whose swept exit is followed by others, which stay as they are. */
export interface MidwaySweep extends SweptLevels {
  readonly kind: "midway";
  /** At least one exit. */
  readonly suffix: readonly PlacedExit[];
}

/**
 * The plans that end with the swept exit and two more at rising positions, each at every level, by the minimum of their
 * *priced latency*: the mean latency plus `priceMs` times the share of samples that a plan gets wrong. At a price,
 * accuracy and latency are one sum over the samples.
 */
export interface PricedSweep extends SweptLevels {
  readonly kind: "priced";
  readonly nextCandidate: number;
  readonly lastCandidate: number;
  readonly priceMs: number;
}

/**
 * What a search asks for: plans that begin alike. One pass over the samples that the prefix lets through answers a whole
 * sweep; a single plan is a sweep of one level.
 */
export type Sweep = OneExitSweep | TwoExitSweep | MidwaySweep | PricedSweep;

/**
 * The figures of a sweep's plans, row-major [rows x columns]: a row per level of `candidate`, a column per
 * combination of the levels that are swept behind it.
 * The arrays belong to the evaluator and hold until its next sweep; only the first `entries` count.
 */
export interface SweptFigures {
  readonly rows: number;
  readonly columns: number;
  /** Plans that figures are given of. */
  readonly entries: number;
  /** Samples that the plan gets right. */
  readonly right: Int32Array;
  /** Mean or percentile, as the evaluator was told, ms. */
  readonly latencyMs: Float64Array;
}

export interface OneExitResult extends SweptFigures {
  readonly kind: "one-exit";
  readonly sweep: OneExitSweep;
  readonly boundCounts: BoundCounts;
}

export interface TwoExitResult extends SweptFigures {
  readonly kind: "two-exits";
  readonly sweep: TwoExitSweep;
  /** Number of each entry's plan, rising; absent where no plan is left out, as an evaluator may that has a target curve. */
  readonly plans?: Int32Array;
  /** Samples that pass the first exit, per row, and those that pass both, per entry. */
  readonly passing: Int32Array;
  readonly passingBoth: Int32Array;
}

export interface MidwayResult extends SweptFigures {
  readonly kind: "midway";
  readonly sweep: MidwaySweep;
  /** Samples per group of equal latency [rows x exits and the backbone]. */
  readonly groupCounts: Int32Array;
}

/** It has no entries. */
export interface PricedResult extends SweptFigures {
  readonly kind: "priced";
  readonly sweep: PricedSweep;
  /** Per row what no plan's priced latency is below, to a millionth, ms. */
  readonly minPricedMs: Float64Array;
}

export type SweepResult = OneExitResult | TwoExitResult | MidwayResult | PricedResult;

export type SweepKind = Sweep["kind"];

/** What bounds on longer plans are made of; per row of a one-exit sweep. */
export interface BoundCounts {
  /** Samples that pass the exit. */
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

/**
 * The result of a sweep as one of its kind.
 * @throws AppError 'internal' if a sweep of another kind was answered
 */
export function resultOf<Kind extends SweepKind>(
  kind: Kind,
  result: SweepResult,
): Extract<SweepResult, { kind: Kind }> {
  if (isOfKind(kind, result)) return result;
  throw new AppError("internal", `a sweep of kind '${kind}' was answered by one of kind '${result.kind}'`);
}

function isOfKind<Kind extends SweepKind>(
  kind: Kind,
  result: SweepResult,
): result is Extract<SweepResult, { kind: Kind }> {
  return result.kind === kind;
}

/** Which of the sweep's plans an entry of its result is about (row-major). */
export function planOfEntry(result: SweepResult, entry: number): number {
  return result.kind === "two-exits" && result.plans ? result.plans[entry] : entry;
}

/** How many plans a sweep holds. */
export function sweepSize(sweep: Sweep, grid: ThresholdGrid): number {
  return (sweep.toLevel - sweep.fromLevel) * sweepColumns(sweep, grid);
}

/** How many plans of a sweep have its first exit at the same level. */
export function sweepColumns(sweep: Sweep, grid: ThresholdGrid): number {
  switch (sweep.kind) {
    case "one-exit":
    case "midway":
      return 1;
    case "two-exits":
      return grid[sweep.nextCandidate].length;
    case "priced":
      return grid[sweep.nextCandidate].length * grid[sweep.lastCandidate].length;
    default:
      return assertNever(sweep);
  }
}

/** The candidates that all plans of a sweep consist of. */
export function sweptCandidates(sweep: Sweep): number[] {
  const candidates = sweep.prefix.map((exit) => exit.candidate);
  candidates.push(sweep.candidate);
  if (sweep.kind === "two-exits") candidates.push(sweep.nextCandidate);
  else if (sweep.kind === "priced") candidates.push(sweep.nextCandidate, sweep.lastCandidate);
  else if (sweep.kind === "midway") for (const { candidate } of sweep.suffix) candidates.push(candidate);
  return candidates;
}

/** The exits of plan number `index` of a sweep that is not priced (row-major, as in its result). */
export function sweptExits(sweep: Sweep, index: number, grid: ThresholdGrid): PlacedExit[] {
  const columns = sweepColumns(sweep, grid);
  const level = sweep.fromLevel + Math.floor(index / columns);
  const exits = [...sweep.prefix, { candidate: sweep.candidate, level }];
  if (sweep.kind === "two-exits") exits.push({ candidate: sweep.nextCandidate, level: index % columns });
  return sweep.kind === "midway" ? [...exits, ...sweep.suffix] : exits;
}

/** The same with the thresholds of their levels. */
export function sweptPlan(sweep: Sweep, index: number, grid: ThresholdGrid): ThresholdedExit[] {
  return sweptExits(sweep, index, grid).map(({ candidate, level }) => ({
    candidate,
    threshold: grid[candidate][level],
  }));
}

/** All plans that end with a candidate behind a prefix. */
export function lastExitSweep(
  prefix: readonly PlacedExit[],
  candidate: number,
  grid: ThresholdGrid,
): OneExitSweep {
  return { kind: "one-exit", prefix, candidate, fromLevel: 0, toLevel: grid[candidate].length };
}

/** The plans of a priced sweep whose first exit is at a level. */
export function pairsOfLevel(
  { prefix, candidate, nextCandidate, lastCandidate }: PricedSweep,
  level: number,
  grid: ThresholdGrid,
): TwoExitSweep {
  const last = lastExitSweep([...prefix, { candidate, level }], nextCandidate, grid);
  return { ...last, kind: "two-exits", nextCandidate: lastCandidate };
}

/** The sweep that holds just one plan, of at least one exit. */
export function singlePlanSweep(exits: readonly PlacedExit[]): OneExitSweep {
  const last = exits[exits.length - 1];
  return {
    kind: "one-exit",
    prefix: exits.slice(0, -1),
    candidate: last.candidate,
    fromLevel: last.level,
    toLevel: last.level + 1,
  };
}
