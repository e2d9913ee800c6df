import {
  BACKBONE_RIGHT,
  CODES_PER_LEVEL,
  EVERY_LATER_RIGHT,
  EXIT_RIGHT,
  LEVEL_SHIFT,
  SOME_LATER_RIGHT,
} from "./level-codes.ts";
import type { Outlook, Sweep, SweepResult } from "./sweep.ts";
import { beginSweep, type SweepState } from "./sweep-state.ts";
import type { Travellers } from "./travellers.ts";

/** Counts the samples that stand at a depth per level code of a candidate [(levels + 1) * CODES_PER_LEVEL]. */
export type CountCodes = (depth: number, candidate: number) => Int32Array;

/** Counts them one after the other. */
export function createCodeCounter({ codes, travellers, levels }: SweepState<Travellers>): CountCodes {
  const bins = new Int32Array((levels + 1) * CODES_PER_LEVEL);
  return (depth, candidate) => {
    const travelling = travellers.samples[depth];
    const code = codes[candidate];
    const count = travellers.remaining[depth];
    bins.fill(0);
    for (let k = 0; k < count; k++) bins[code[travelling[k]]]++;
    return bins;
  };
}

/** Answers sweeps of one exit. */
export function createOneExitSweep(state: SweepState, countCodes: CountCodes): (sweep: Sweep) => SweepResult {
  const { space, grid, travellers, measure, counts, costs, right, latencyMs } = state;
  const outlook = emptyOutlook(state.levels);

  return (sweep) => {
    beginSweep(state, sweep);
    const depth = sweep.prefix.length;
    const count = travellers.remaining[depth];
    const bins = countCodes(depth, sweep.candidate);
    let backboneRight = sumBins(bins, BACKBONE_RIGHT, 0, grid[sweep.candidate].length + 1);
    let reachable = sumBins(bins, SOME_LATER_RIGHT, 0, grid[sweep.candidate].length + 1);
    let rightSoFar = travellers.right[depth];
    let leaving = 0;
    let easyLeft = 0;
    for (let level = 0; level < sweep.toLevel; level++) {
      leaving += sumBins(bins, 0, level, level + 1);
      rightSoFar += sumBins(bins, EXIT_RIGHT, level, level + 1);
      easyLeft += sumBins(bins, EVERY_LATER_RIGHT, level, level + 1);
      backboneRight -= sumBins(bins, BACKBONE_RIGHT, level, level + 1);
      reachable -= sumBins(bins, SOME_LATER_RIGHT, level, level + 1);
      const row = level - sweep.fromLevel;
      if (row < 0) continue;
      counts[depth] = leaving;
      counts[depth + 1] = count - leaving;
      right[row] = rightSoFar + backboneRight;
      latencyMs[row] = measure(counts, costs, depth + 2, space.samples);
      outlook.remaining[row] = count - leaving;
      outlook.rightSoFar[row] = rightSoFar;
      outlook.backboneRight[row] = backboneRight;
      outlook.reachable[row] = reachable;
      outlook.easyLeft[row] = easyLeft;
    }
    const rows = sweep.toLevel - sweep.fromLevel;
    return { sweep, rows, columns: 1, entries: rows, right, latencyMs, outlook };
  };
}

/** Samples whose code has all of `flags`, at the levels from `fromLevel` up to but not including `toLevel`. */
function sumBins(bins: Int32Array, flags: number, fromLevel: number, toLevel: number): number {
  let sum = 0;
  for (let code = fromLevel << LEVEL_SHIFT; code < toLevel << LEVEL_SHIFT; code++) {
    if ((code & flags) === flags) sum += bins[code];
  }
  return sum;
}

function emptyOutlook(levels: number): Outlook {
  return {
    remaining: new Int32Array(levels),
    rightSoFar: new Int32Array(levels),
    backboneRight: new Int32Array(levels),
    reachable: new Int32Array(levels),
    easyLeft: new Int32Array(levels),
  };
}
