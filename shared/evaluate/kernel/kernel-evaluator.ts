import type { UseCase } from "../../model/use-case.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import { type ThresholdGrid, thresholdGrid } from "../../space/threshold-grid.ts";
import { percentiles } from "../latency-measure.ts";
import { createMidwaySweep } from "../reference/midway-sweep.ts";
import { createOneExitSweep } from "../reference/one-exit-sweep.ts";
import { evaluateBy, type SweepEvaluator } from "../reference/sweep-evaluator.ts";
import {
  beginSweep,
  createSweepState,
  type SweepState,
  spreadOf,
  sumOfLeft,
} from "../reference/sweep-state.ts";
import type { TwoExitResult, TwoExitSweep } from "../sweep.ts";
import { type FirstExit, noteFirstExits } from "./first-exit.ts";
import { kernelBytes } from "./kernel-memory.ts";
import { instantiateKernel } from "./kernel-module.ts";
import { createKernelPricedSweep } from "./kernel-priced-sweep.ts";
import { type KernelTrace, openKernel } from "./kernel-trace.ts";

/**
 * The same as `createSweepEvaluator`, its passes over samples in WebAssembly. Of two-exit sweeps it keeps only
 * plans below its target curve.
 * @returns nothing where the platform can't run the kernel
 */
export function createKernelEvaluator(
  space: SearchSpace,
  latency: UseCase["latency"],
  grid: ThresholdGrid = thresholdGrid(space),
): SweepEvaluator | undefined {
  let kernel: KernelTrace | undefined;
  const state = createSweepState(space, latency, grid, (codes, levels) => {
    const instance = instantiateKernel(kernelBytes(space, levels));
    kernel = instance && openKernel(space, codes, levels, instance);
    return kernel?.trace ?? { moveTo: () => {}, remaining: none, right: none, headsMs: new Float64Array() };
  });
  if (!kernel) return undefined;
  const { countCodes, countOutcomes, curve } = kernel;
  const { sweepOne, firstExit } = noteFirstExits(state, kernel, createOneExitSweep(state, countCodes));
  return {
    grid: state.grid,
    codes: state.codes,
    curve,
    evaluate: evaluateBy({
      oneExit: sweepOne,
      twoExits: createTwoExitPass(state, kernel, firstExit, percentiles[latency]),
      midway: createMidwaySweep(state, countOutcomes),
      priced: createKernelPricedSweep(state, kernel, firstExit),
    }),
    spread: (result, entry) => spreadOf(state, result, entry),
  };
}

const none = new Int32Array();

function createTwoExitPass(
  state: SweepState,
  kernel: KernelTrace,
  firstExit: (sweep: TwoExitSweep) => FirstExit,
  percent: number | undefined,
): (sweep: TwoExitSweep) => TwoExitResult {
  const { space, grid, trace, counts, costs } = state;
  const { exports, at, arrays } = kernel;
  const { samples } = space;
  let needed = 0;
  if (percent !== undefined) while (needed * 100 < percent * samples) needed++;

  /** Ranks the groups by cost and hands both to the kernel. */
  function rankGroups(groups: number): void {
    const order = Array.from({ length: groups }, (_, group) => group).sort((a, b) => costs[a] - costs[b]);
    for (let group = 0; group < groups; group++) {
      arrays.order[group] = order[group];
      arrays.counts[group] = counts[group];
      arrays.costs[group] = costs[group];
    }
  }

  return (sweep) => {
    const { candidate, nextCandidate: second, fromLevel, toLevel } = sweep;
    const depth = sweep.prefix.length;
    const rows = grid[candidate].length;
    const columns = grid[second].length;
    trace.moveTo(sweep.prefix);
    const { passing, rightBase } = firstExit(sweep);
    arrays.passing.set(passing);
    arrays.rightBase.set(rightBase);
    beginSweep(state, sweep);
    const stride = columns + 1;
    const remaining = trace.remaining[depth];
    kernel.countPairs(depth, candidate, second, stride, rows);
    exports.addRowsUp(at.pairBins, rows, stride);
    const common = [
      at.pairBins,
      stride,
      fromLevel,
      toLevel,
      columns,
      remaining,
      at.passing,
      at.rightBase,
    ] as const;
    let entries: number;
    if (percent === undefined) {
      const [first, next, backbone] = costs.subarray(depth);
      const left = sumOfLeft(state, depth);
      entries = exports.meanHits(...common, left, first, next, backbone, samples, at.curve);
    } else {
      rankGroups(depth + 3);
      entries = exports.percentileHits(...common, at.order, at.counts, at.costs, depth, needed, at.curve);
    }
    const { plans, right, latencyMs, passingBoth } = arrays;
    const figures = { rows: toLevel - fromLevel, columns, entries, right, latencyMs };
    const passed = { passing: passing.subarray(fromLevel), passingBoth };
    return { kind: "two-exits", sweep, ...figures, plans, ...passed };
  };
}
