import type { SearchSpace } from "../../space/search-space.ts";
import { CODES_PER_LEVEL } from "../level-codes.ts";
import type { CountOutcomes } from "../reference/midway-sweep.ts";
import type { CountCodes } from "../reference/one-exit-sweep.ts";
import type { Trace } from "../reference/sample-trace.ts";
import { fillMemory, layOut } from "./kernel-memory.ts";
import type { KernelExports, KernelInstance } from "./kernel-module.ts";
import { createOutcomeCount } from "./kernel-outcomes.ts";
import { createPairMinima, type MinOfPairs } from "./kernel-pairs.ts";
import { createKernelSamples } from "./kernel-samples.ts";

/** The kernel with a space's codes in its memory, and where everything lies there. */
export interface KernelTrace {
  readonly exports: KernelExports;
  readonly trace: Trace;
  readonly countCodes: CountCodes;
  readonly countOutcomes: CountOutcomes;
  /** Changes whenever other samples are at a depth. */
  visitOf(depth: number): number;
  /** Fills the pair bins of two candidates from the samples at a depth. */
  countPairs(depth: number, first: number, second: number, stride: number, rows: number): void;
  readonly minOfPairs: MinOfPairs;
  /** Per number of right samples, the latency that a plan has to stay below, ms; infinite at first. */
  readonly curve: Float64Array;
  readonly at: Readonly<Record<"pairBins" | "curve" | "passing" | "rightBase" | GroupArray, number>>;
  readonly arrays: {
    readonly passing: Int32Array;
    readonly rightBase: Int32Array;
    readonly order: Int32Array;
    readonly counts: Int32Array;
    readonly costs: Float64Array;
    readonly plans: Int32Array;
    readonly right: Int32Array;
    readonly latencyMs: Float64Array;
    readonly passingBoth: Int32Array;
  };
}

type GroupArray = "order" | "counts" | "costs";

/**
 * @param codes level codes per candidate [candidates][samples]
 * @param instance with at least `kernelBytes`
 */
export function openKernel(
  space: SearchSpace,
  codes: readonly Uint16Array[],
  levels: number,
  { exports, buffer }: KernelInstance,
): KernelTrace {
  const layout = layOut(space, levels);
  const { at } = layout;
  const cells = levels * levels;
  const groups = Math.max(1, space.maxExits) + 1;
  fillMemory(space, codes, levels, layout, { exports, buffer });
  const bins = new Int32Array(buffer, at.codeBins, (levels + 1) * CODES_PER_LEVEL);
  const samples = createKernelSamples(space, at, exports);
  const { trace, codesAt } = samples;

  return {
    exports,
    trace,
    countCodes(depth, candidate) {
      exports.countCodes(codesAt(depth, candidate), trace.remaining[depth], at.codeBins, bins.length);
      return bins;
    },
    countOutcomes: createOutcomeCount(space, levels, at, { exports, buffer }, samples),
    minOfPairs: createPairMinima(levels, layout, { exports, buffer }, samples),
    visitOf: samples.visitOf,
    countPairs(depth, first, second, stride, rows) {
      const count = trace.remaining[depth];
      exports.countPairs(codesAt(depth, first), codesAt(depth, second), count, at.pairBins, stride, rows);
    },
    curve: new Float64Array(buffer, at.curve, space.samples + 1),
    at,
    arrays: {
      passing: new Int32Array(buffer, at.passing, levels),
      rightBase: new Int32Array(buffer, at.rightBase, levels),
      order: new Int32Array(buffer, at.order, groups),
      counts: new Int32Array(buffer, at.counts, groups),
      costs: new Float64Array(buffer, at.costs, groups),
      plans: new Int32Array(buffer, at.plans, cells),
      right: new Int32Array(buffer, at.right, cells),
      latencyMs: new Float64Array(buffer, at.latencyMs, cells),
      passingBoth: new Int32Array(buffer, at.passingBoth, cells),
    },
  };
}
