import { assertNever } from "../../base/errors.ts";
import type { UseCase } from "../../model/use-case.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import { type ThresholdGrid, thresholdGrid } from "../../space/threshold-grid.ts";
import type {
  MidwayResult,
  MidwaySweep,
  OneExitResult,
  OneExitSweep,
  PricedResult,
  PricedSweep,
  Sweep,
  SweepResult,
  TwoExitResult,
  TwoExitSweep,
} from "../sweep.ts";
import { createMidwaySweep, createOutcomeCounter } from "./midway-sweep.ts";
import { createCodeCounter, createOneExitSweep } from "./one-exit-sweep.ts";
import { createPricedSweep } from "./priced-sweep.ts";
import { createSampleTrace } from "./sample-trace.ts";
import { createSweepState, type Spread, spreadOf } from "./sweep-state.ts";
import { createTwoExitSweep } from "./two-exit-sweep.ts";

export interface SweepEvaluator {
  readonly grid: ThresholdGrid;
  /** Level codes per candidate [candidates][samples]. */
  readonly codes: readonly Uint16Array[];
  /**
   * Per number of right samples [samples + 1], the latency that a plan has to stay below to be of interest, ms;
   * whoever searches lowers it. Only plans of two-exit sweeps that don't may be left out of a result.
   */
  readonly curve: Float64Array;
  /** The result's arrays are overwritten by the next call. */
  evaluate(sweep: Sweep): SweepResult;
  /** How the samples leave one of the plans of the sweep answered last; overwritten by the next question. */
  spread(result: SweepResult, entry: number): Spread;
}

/**
 * The inner loop of every search. One pass over the samples that remain fills a histogram of level codes; sums
 * over its levels then give every plan of the sweep for a handful of additions. Agrees with `evaluatePlan` to
 * the last bit, and is the reference for the kernel that does the same in WebAssembly.
 * @param latency which latency the results hold
 * @param grid thresholds of the levels, the space's own unless said otherwise
 */
export function createSweepEvaluator(
  space: SearchSpace,
  latency: UseCase["latency"],
  grid: ThresholdGrid = thresholdGrid(space),
): SweepEvaluator {
  const state = createSweepState(space, latency, grid, (codes) => createSampleTrace(space, codes));
  const twoExits = createTwoExitSweep(state);
  return {
    grid: state.grid,
    codes: state.codes,
    curve: new Float64Array(space.samples + 1).fill(Number.POSITIVE_INFINITY),
    evaluate: evaluateBy({
      oneExit: createOneExitSweep(state, createCodeCounter(state)),
      twoExits,
      midway: createMidwaySweep(state, createOutcomeCounter(state)),
      priced: createPricedSweep(state, twoExits),
    }),
    spread: (result, entry) => spreadOf(state, result, entry),
  };
}

/** Who answers which kind of sweep. */
export interface SweepAnswers {
  readonly oneExit: (sweep: OneExitSweep) => OneExitResult;
  readonly twoExits: (sweep: TwoExitSweep) => TwoExitResult;
  readonly midway: (sweep: MidwaySweep) => MidwayResult;
  readonly priced: (sweep: PricedSweep) => PricedResult;
}

/** Sends each kind of sweep to who answers it. */
export function evaluateBy(answers: SweepAnswers): SweepEvaluator["evaluate"] {
  return (sweep) => {
    switch (sweep.kind) {
      case "one-exit":
        return answers.oneExit(sweep);
      case "two-exits":
        return answers.twoExits(sweep);
      case "midway":
        return answers.midway(sweep);
      case "priced":
        return answers.priced(sweep);
      default:
        return assertNever(sweep);
    }
  };
}
