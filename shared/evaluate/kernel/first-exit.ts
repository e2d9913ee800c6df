import type { SweepState } from "../reference/sweep-state.ts";
import {
  lastExitSweep,
  type OneExitResult,
  type OneExitSweep,
  type PricedSweep,
  type TwoExitSweep,
} from "../sweep.ts";
import type { KernelTrace } from "./kernel-trace.ts";

/** What the levels of an exit let through, whichever exit comes next. */
export interface FirstExit {
  /** Samples that pass, per level. */
  readonly passing: Int32Array;
  /** Samples right if the backbone answers them, per level. */
  readonly rightBase: Int32Array;
}

/**
 * A search asks for single exits before it asks for pairs, so what the first of a pair lets through is mostly
 * known from then.
 */
export function noteFirstExits(
  { space, grid }: SweepState,
  kernel: KernelTrace,
  sweep: (sweep: OneExitSweep) => OneExitResult,
) {
  const notes = Array.from({ length: Math.max(1, space.maxExits) }, () =>
    grid.map(({ length }) => ({
      visit: -1,
      passing: new Int32Array(length),
      rightBase: new Int32Array(length),
    })),
  );

  function sweepOne(asked: OneExitSweep): OneExitResult {
    const result = sweep(asked);
    const { prefix, candidate, fromLevel } = asked;
    const note = notes[prefix.length][candidate];
    if (fromLevel > 0 || result.rows < note.passing.length) return result;
    const { remaining, rightSoFar, backboneRight } = result.boundCounts;
    for (let level = 0; level < result.rows; level++) {
      note.passing[level] = remaining[level];
      note.rightBase[level] = rightSoFar[level] + backboneRight[level];
    }
    note.visit = kernel.visitOf(prefix.length);
    return result;
  }

  /** @param sweep whose prefix the trace has moved to */
  function firstExit({ prefix, candidate }: TwoExitSweep | PricedSweep): FirstExit {
    const note = notes[prefix.length][candidate];
    if (note.visit !== kernel.visitOf(prefix.length)) sweepOne(lastExitSweep(prefix, candidate, grid));
    return note;
  }

  return { sweepOne, firstExit };
}
