import {
  BACKBONE_RIGHT,
  CODES_PER_LEVEL,
  EVERY_LATER_RIGHT,
  EXIT_RIGHT,
  LEVEL_SHIFT,
  SOME_LATER_RIGHT,
} from "../level-codes.ts";
import type { BoundCounts, OneExitResult, OneExitSweep } from "../sweep.ts";
import type { SampleTrace } from "./sample-trace.ts";
import { beginSweep, type SweepState } from "./sweep-state.ts";

/** Counts the samples at a depth per level code of a candidate [(levels + 1) * CODES_PER_LEVEL]. */
export type CountCodes = (depth: number, candidate: number) => Int32Array;

/** Counts them one after the other. */
export function createCodeCounter({ codes, trace, levels }: SweepState<SampleTrace>): CountCodes {
  const bins = new Int32Array((levels + 1) * CODES_PER_LEVEL);
  return (depth, candidate) => {
    const reaching = trace.samples[depth];
    const code = codes[candidate];
    const count = trace.remaining[depth];
    bins.fill(0);
    for (let k = 0; k < count; k++) bins[code[reaching[k]]]++;
    return bins;
  };
}

/** Answers sweeps of one exit. */
export function createOneExitSweep(
  state: SweepState,
  countCodes: CountCodes,
): (sweep: OneExitSweep) => OneExitResult {
  const { space, grid, trace, measure, counts, costs, right, latencyMs } = state;
  const boundCounts = emptyBoundCounts(state.levels);
  const leavers = emptyTally();
  const everybody = emptyTally();

  return (sweep) => {
    beginSweep(state, sweep);
    const depth = sweep.prefix.length;
    const count = trace.remaining[depth];
    const bins = countCodes(depth, sweep.candidate);
    clear(everybody);
    for (let level = 0; level <= grid[sweep.candidate].length; level++) addLevel(everybody, bins, level);
    clear(leavers);
    for (let level = 0; level < sweep.toLevel; level++) {
      addLevel(leavers, bins, level);
      const row = level - sweep.fromLevel;
      if (row < 0) continue;
      counts[depth] = leavers.all;
      counts[depth + 1] = count - leavers.all;
      boundCounts.remaining[row] = counts[depth + 1];
      boundCounts.rightSoFar[row] = trace.right[depth] + leavers.right;
      boundCounts.backboneRight[row] = everybody.backboneRight - leavers.backboneRight;
      boundCounts.reachable[row] = everybody.reachable - leavers.reachable;
      boundCounts.easyLeft[row] = leavers.easy;
      boundCounts.rescued[row] = leavers.rescued;
      right[row] = boundCounts.rightSoFar[row] + boundCounts.backboneRight[row];
      latencyMs[row] = measure(counts, costs, depth + 2, space.samples);
    }
    const rows = sweep.toLevel - sweep.fromLevel;
    return { kind: "one-exit", sweep, rows, columns: 1, entries: rows, right, latencyMs, boundCounts };
  };
}

/** How many samples there are of each sort, by the flags of their level codes. */
interface Tally {
  all: number;
  right: number;
  backboneRight: number;
  reachable: number;
  easy: number;
  rescued: number;
}

function emptyTally(): Tally {
  return { all: 0, right: 0, backboneRight: 0, reachable: 0, easy: 0, rescued: 0 };
}

function clear(tally: Tally): void {
  tally.all = tally.right = tally.backboneRight = tally.reachable = tally.easy = tally.rescued = 0;
}

/** Adds the samples whose code has this level. */
function addLevel(tally: Tally, bins: Int32Array, level: number): void {
  const start = level << LEVEL_SHIFT;
  for (let flags = 0; flags < CODES_PER_LEVEL; flags++) {
    const samples = bins[start + flags];
    if (samples === 0) continue;
    tally.all += samples;
    if (flags & EXIT_RIGHT) tally.right += samples;
    if (flags & BACKBONE_RIGHT) tally.backboneRight += samples;
    else if (flags & EXIT_RIGHT) tally.rescued += samples;
    if (flags & SOME_LATER_RIGHT) tally.reachable += samples;
    if (flags & EVERY_LATER_RIGHT) tally.easy += samples;
  }
}

export function emptyBoundCounts(levels: number): BoundCounts {
  return {
    remaining: new Int32Array(levels),
    rightSoFar: new Int32Array(levels),
    backboneRight: new Int32Array(levels),
    reachable: new Int32Array(levels),
    easyLeft: new Int32Array(levels),
    rescued: new Int32Array(levels),
  };
}
