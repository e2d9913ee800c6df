import { BACKBONE_RIGHT, CODES_PER_LEVEL, EXIT_RIGHT, LEVEL_SHIFT } from "../level-codes.ts";
import type { TwoExitResult, TwoExitSweep } from "../sweep.ts";
import type { SampleTrace } from "./sample-trace.ts";
import { beginSweep, type SweepState } from "./sweep-state.ts";

/** The second exit's codes go without the two flags about later candidates. */
const DROPPED_FLAGS = 2;
const CODES_PER_COLUMN = CODES_PER_LEVEL >> DROPPED_FLAGS;
const ONLY_EXIT = EXIT_RIGHT >> DROPPED_FLAGS;
const ONLY_BACKBONE = BACKBONE_RIGHT >> DROPPED_FLAGS;
const BOTH = ONLY_EXIT | ONLY_BACKBONE;

/**
 * Answers sweeps of two exits: one pass fills a joint histogram of both candidates' levels, and sums over it
 * give the plans of all pairs of levels.
 */
export function createTwoExitSweep(state: SweepState<SampleTrace>): (sweep: TwoExitSweep) => TwoExitResult {
  const { space, grid, codes, trace, measure, counts, costs, right, latencyMs, passingBoth } = state;
  const firstBins = new Int32Array((state.levels + 1) * CODES_PER_LEVEL);
  const pairBins = new Int32Array((state.levels + 1) * (state.levels + 1) * CODES_PER_COLUMN);
  const passing = new Int32Array(state.levels + 1);
  /** Samples that have left rightly once the first exit is at a level. */
  const rightSoFar = new Int32Array(state.levels + 1);
  // Of the samples that pass the first exit, per level of the second: who leaves there first, who of them is
  // right there, who of them the backbone would get right.
  const leavers = new Int32Array(state.levels + 1);
  const exitRight = new Int32Array(state.levels + 1);
  const backboneRight = new Int32Array(state.levels + 1);

  function fillBins(depth: number, firstCode: Uint16Array, secondCode: Uint16Array, width: number): void {
    const reaching = trace.samples[depth];
    const count = trace.remaining[depth];
    firstBins.fill(0);
    pairBins.fill(0, 0, (state.levels + 1) * width);
    for (let k = 0; k < count; k++) {
      const sample = reaching[k];
      const first = firstCode[sample];
      firstBins[first]++;
      pairBins[(first >> LEVEL_SHIFT) * width + (secondCode[sample] >> DROPPED_FLAGS)]++;
    }
    let sum = trace.right[depth];
    for (let code = 0; code < firstBins.length; code++) {
      if (code & EXIT_RIGHT) sum += firstBins[code];
      rightSoFar[code >> LEVEL_SHIFT] = sum;
    }
  }

  /** Lets the samples with a level of the first exit pass it; their bins begin at `start`. */
  function letPass(start: number, columns: number): void {
    for (let column = 0; column <= columns; column++) {
      const bin = start + column * CODES_PER_COLUMN;
      const both = pairBins[bin + BOTH];
      const onlyExit = pairBins[bin + ONLY_EXIT];
      const onlyBackbone = pairBins[bin + ONLY_BACKBONE];
      leavers[column] += pairBins[bin] + onlyExit + onlyBackbone + both;
      exitRight[column] += onlyExit + both;
      backboneRight[column] += onlyBackbone + both;
    }
  }

  /** Writes the plans of one level of the first exit, from `start` on. */
  function writeRow(depth: number, level: number, columns: number, row: number): void {
    const start = row * columns;
    let passingFirst = 0;
    let planRight = rightSoFar[level];
    for (let column = 0; column <= columns; column++) {
      passingFirst += leavers[column];
      planRight += backboneRight[column];
    }
    passing[row] = passingFirst;
    counts[depth] = trace.remaining[depth] - passingFirst;
    let leaving = 0;
    for (let column = 0; column < columns; column++) {
      leaving += leavers[column];
      planRight += exitRight[column] - backboneRight[column];
      counts[depth + 1] = leaving;
      counts[depth + 2] = passingFirst - leaving;
      passingBoth[start + column] = counts[depth + 2];
      right[start + column] = planRight;
      latencyMs[start + column] = measure(counts, costs, depth + 3, space.samples);
    }
  }

  return (sweep) => {
    const second = sweep.nextCandidate;
    beginSweep(state, sweep);
    const depth = sweep.prefix.length;
    const columns = grid[second].length;
    const width = (columns + 1) * CODES_PER_COLUMN;
    fillBins(depth, codes[sweep.candidate], codes[second], width);
    leavers.fill(0);
    exitRight.fill(0);
    backboneRight.fill(0);
    // From the last level to the first: ever more samples pass the first exit.
    for (let level = grid[sweep.candidate].length - 1; level >= sweep.fromLevel; level--) {
      letPass((level + 1) * width, columns);
      if (level < sweep.toLevel) writeRow(depth, level, columns, level - sweep.fromLevel);
    }
    const rows = sweep.toLevel - sweep.fromLevel;
    const figures = { rows, columns, entries: rows * columns, right, latencyMs };
    return { kind: "two-exits", sweep, ...figures, passing, passingBoth };
  };
}
