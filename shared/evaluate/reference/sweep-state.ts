import { AppError, assertNever } from "../../base/errors.ts";
import type { UseCase } from "../../model/use-case.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import type { ThresholdGrid } from "../../space/threshold-grid.ts";
import { type LatencyMeasure, latencyMeasures } from "../latency-measure.ts";
import { levelCodes } from "../level-codes.ts";
import { planOfEntry, type Sweep, type SweepResult } from "../sweep.ts";
import type { Trace } from "./sample-trace.ts";

/** What sweeps of one and of two exits share; every array is allocated once. */
export interface SweepState<Traced extends Trace = Trace> {
  readonly space: SearchSpace;
  readonly grid: ThresholdGrid;
  /** Most levels that any candidate has. */
  readonly levels: number;
  /** Per candidate [candidates][samples]. */
  readonly codes: readonly Uint16Array[];
  readonly trace: Traced;
  readonly measure: LatencyMeasure;
  /** Samples of equal latency: a group per exit of the plan, in order, the backbone's own output last. */
  readonly counts: Int32Array;
  /** Latency per group, ms. */
  readonly costs: Float64Array;
  /** The figures of the sweep's plans, [rows x columns] at most [levels x levels]. */
  readonly right: Int32Array;
  readonly latencyMs: Float64Array;
  /** Samples that pass both exits of a two-exit sweep. */
  readonly passingBoth: Int32Array;
}

/** @param makeTrace makes the trace from the level codes per candidate [candidates][samples] */
export function createSweepState<Traced extends Trace>(
  space: SearchSpace,
  latency: UseCase["latency"],
  grid: ThresholdGrid,
  makeTrace: (codes: readonly Uint16Array[], levels: number) => Traced,
): SweepState<Traced> {
  const codes = levelCodes(space, grid);
  const levels = grid.reduce((max, thresholds) => Math.max(max, thresholds.length), 1);
  return {
    space,
    grid,
    levels,
    codes,
    trace: makeTrace(codes, levels),
    measure: latencyMeasures[latency],
    counts: new Int32Array(space.maxExits + 1),
    costs: new Float64Array(space.maxExits + 1),
    right: new Int32Array(levels * levels),
    latencyMs: new Float64Array(levels * levels),
    passingBoth: new Int32Array(levels * levels),
  };
}

/** Moves to the end of the sweep's prefix and sets all costs, and the counts of the prefix's own exits. */
export function beginSweep(state: SweepState, sweep: Sweep): void {
  const { space, trace, counts, costs } = state;
  const { prefix } = sweep;
  trace.moveTo(prefix);
  let group = 0;
  for (; group < prefix.length; group++) {
    counts[group] = trace.remaining[group] - trace.remaining[group + 1];
    costs[group] = space.candidates[prefix[group].candidate].prefixMs + trace.headsMs[group + 1];
  }
  let headsMs = trace.headsMs[group];
  const pass = (c: number) => {
    headsMs += space.candidates[c].headMs;
    costs[group++] = space.candidates[c].prefixMs + headsMs;
  };
  pass(sweep.candidate);
  if (sweep.kind === "two-exits") pass(sweep.nextCandidate);
  else if (sweep.kind === "priced") {
    pass(sweep.nextCandidate);
    pass(sweep.lastCandidate);
  } else if (sweep.kind === "midway") for (const exit of sweep.suffix) pass(exit.candidate);
  costs[group] = space.backboneMs + headsMs;
}

/** What the samples cost that have left within a sweep's prefix of so many exits, once it has begun: a sum, ms. */
export function sumOfLeft({ counts, costs }: SweepState, depth: number): number {
  let sum = 0;
  for (let group = 0; group < depth; group++) sum += counts[group] * costs[group];
  return sum;
}

/** How the samples of a plan leave: groups of equal latency, one per exit in order, the backbone's own output last. */
export interface Spread {
  readonly counts: Int32Array;
  /** ms. */
  readonly costs: Float64Array;
  /** How many of both count. */
  readonly groups: number;
}

/** How the samples leave one of the plans of the sweep answered last; its arrays hold until the next question. */
export function spreadOf(state: SweepState, result: SweepResult, entry: number): Spread {
  const { trace, counts, costs } = state;
  const depth = result.sweep.prefix.length;
  switch (result.kind) {
    case "one-exit": {
      const passed = result.boundCounts.remaining[entry];
      counts[depth] = trace.remaining[depth] - passed;
      counts[depth + 1] = passed;
      return { counts, costs, groups: depth + 2 };
    }
    case "two-exits": {
      const passed = result.passing[Math.floor(planOfEntry(result, entry) / result.columns)];
      const passedBoth = result.passingBoth[entry];
      counts[depth] = trace.remaining[depth] - passed;
      counts[depth + 1] = passed - passedBoth;
      counts[depth + 2] = passedBoth;
      return { counts, costs, groups: depth + 3 };
    }
    case "midway": {
      const groups = depth + 2 + result.sweep.suffix.length;
      for (let group = 0; group < groups; group++) counts[group] = result.groupCounts[entry * groups + group];
      return { counts, costs, groups };
    }
    case "priced":
      throw new AppError("internal", "a priced sweep has no entries that samples could leave");
    default:
      return assertNever(result);
  }
}
