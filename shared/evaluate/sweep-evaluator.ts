import type { UseCase } from "../domain/use-case.ts";
import type { SearchSpace } from "../search/search-space.ts";
import { createOneExitSweep } from "./one-exit-sweep.ts";
import type { Sweep, SweepResult } from "./sweep.ts";
import { createSweepState } from "./sweep-state.ts";
import type { ThresholdGrid } from "./threshold-grid.ts";
import { createTwoExitSweep } from "./two-exit-sweep.ts";

export interface SweepEvaluator {
  readonly grid: ThresholdGrid;
  /** The result's arrays are overwritten by the next call. */
  evaluate(sweep: Sweep): SweepResult;
}

/**
 * The inner loop of every search. One pass over the travelling samples fills a histogram of level codes; sums
 * over its levels then give every plan of the sweep for a handful of additions. Agrees with `evaluatePlan` to
 * the last bit.
 * @param latency which latency the results hold
 */
export function createSweepEvaluator(space: SearchSpace, latency: UseCase["latency"]): SweepEvaluator {
  const state = createSweepState(space, latency);
  const sweepOne = createOneExitSweep(state);
  const sweepTwo = createTwoExitSweep(state);
  return {
    grid: state.grid,
    evaluate: (sweep) =>
      sweep.nextCandidate === undefined ? sweepOne(sweep) : sweepTwo(sweep, sweep.nextCandidate),
  };
}
