import { BACKBONE_RIGHT, EXIT_RIGHT, LEVEL_SHIFT } from "../level-codes.ts";
import type { MidwayResult, MidwaySweep, PlacedExit } from "../sweep.ts";
import type { SampleTrace } from "./sample-trace.ts";
import { beginSweep, type SweepState } from "./sweep-state.ts";

/**
 * What becomes of a sample that passes the swept exit depends on the suffix alone: the number of the exit where it
 * leaves (as many as there are for the backbone) and, in the lowest bit, whether it is right there.
 */
const OUTCOME_SHIFT = 1;

/** A sample's level at the swept exit and, below it, whether it is right there: its code without the other flags. */
const ROW_SHIFT = 3;
const ROWS_PER_LEVEL = 1 << (LEVEL_SHIFT - ROW_SHIFT);

/** How many outcomes a suffix has. */
export function outcomesOf(suffix: readonly PlacedExit[]): number {
  return (suffix.length + 1) << OUTCOME_SHIFT;
}

/**
 * Counts the samples at a depth per level and rightness at a candidate and outcome of a suffix:
 * [(levels + 1) * ROWS_PER_LEVEL x outcomes].
 */
export type CountOutcomes = (depth: number, candidate: number, suffix: readonly PlacedExit[]) => Int32Array;

/** Counts them one after the other. */
export function createOutcomeCounter({
  space,
  codes,
  trace,
  levels,
}: SweepState<SampleTrace>): CountOutcomes {
  const bins = new Int32Array(outcomeBins(levels, space.maxExits));
  return (depth, candidate, suffix) => {
    const reaching = trace.samples[depth];
    const code = codes[candidate];
    const outcomes = outcomesOf(suffix);
    bins.fill(0);
    for (let k = 0; k < trace.remaining[depth]; k++) {
      const sample = reaching[k];
      let exit = 0;
      while (
        exit < suffix.length &&
        codes[suffix[exit].candidate][sample] >> LEVEL_SHIFT > suffix[exit].level
      )
        exit++;
      const right =
        exit < suffix.length
          ? codes[suffix[exit].candidate][sample] & EXIT_RIGHT
          : code[sample] & BACKBONE_RIGHT;
      bins[(code[sample] >> ROW_SHIFT) * outcomes + ((exit << OUTCOME_SHIFT) | (right ? 1 : 0))]++;
    }
    return bins;
  };
}

/** How many bins the longest suffix needs. */
export function outcomeBins(levels: number, maxExits: number): number {
  return (levels + 1) * ROWS_PER_LEVEL * (Math.max(1, maxExits) << OUTCOME_SHIFT);
}

/** Answers sweeps of an exit in the midst of a plan. */
export function createMidwaySweep(
  state: SweepState,
  countOutcomes: CountOutcomes,
): (sweep: MidwaySweep) => MidwayResult {
  const { space, levels, trace, measure, counts, costs, right, latencyMs } = state;
  const groupCounts = new Int32Array(levels * counts.length);

  /** Lets everybody pass the swept exit; returns how many are right then. */
  function countStayers(bins: Int32Array, outcomes: number, group: number): number {
    const end = (levels + 1) * ROWS_PER_LEVEL * outcomes;
    let stayersRight = 0;
    for (let outcome = 0; outcome < outcomes; outcome += 2) {
      let wrongHere = 0;
      let rightHere = 0;
      for (let bin = outcome; bin < end; bin += outcomes) {
        wrongHere += bins[bin];
        rightHere += bins[bin + 1];
      }
      counts[group + (outcome >> OUTCOME_SHIFT)] = wrongHere + rightHere;
      stayersRight += rightHere;
    }
    return stayersRight;
  }

  return (sweep) => {
    const { suffix } = sweep;
    beginSweep(state, sweep);
    const depth = sweep.prefix.length;
    const outcomes = outcomesOf(suffix);
    const groups = depth + 2 + suffix.length;
    const bins = countOutcomes(depth, sweep.candidate, suffix);
    let planRight = trace.right[depth] + countStayers(bins, outcomes, depth + 1);
    counts[depth] = 0;
    let bin = 0;
    for (let level = 0; level < sweep.toLevel; level++) {
      for (let row = 0; row < ROWS_PER_LEVEL; row++) {
        for (let group = depth + 1; group < groups; group++) {
          const wrongLater = bins[bin++];
          const rightLater = bins[bin++];
          const leaving = wrongLater + rightLater;
          counts[depth] += leaving;
          counts[group] -= leaving;
          planRight += row * leaving - rightLater;
        }
      }
      const plan = level - sweep.fromLevel;
      if (plan < 0) continue;
      right[plan] = planRight;
      for (let group = 0; group < groups; group++) groupCounts[plan * groups + group] = counts[group];
      latencyMs[plan] = measure(counts, costs, groups, space.samples);
    }
    const rows = sweep.toLevel - sweep.fromLevel;
    return { kind: "midway", sweep, rows, columns: 1, entries: rows, right, latencyMs, groupCounts };
  };
}
