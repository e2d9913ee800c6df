import type { SearchSpace } from "../../space/search-space.ts";
import { BACKBONE_RIGHT, EXIT_RIGHT } from "../level-codes.ts";
import { beginSweep, type SweepState, sumOfLeft } from "../reference/sweep-state.ts";
import { type PricedResult, type PricedSweep, sweepColumns } from "../sweep.ts";
import type { FirstExit } from "./first-exit.ts";
import type { ExitPrices, ThreeExits } from "./kernel-pairs.ts";
import type { KernelTrace } from "./kernel-trace.ts";

/** Sums in the kernel are whole numbers and stay below this. */
const MAX_UNITS = 2 ** 30;

/** Flags of a level code without those about later candidates. */
const FLAG_SHIFT = 2;
const ALL_FLAGS: readonly number[] = [0, 1, 2, 3];

/**
 * Answers priced sweeps by the kernel. It counts in whole units, rounded down, so that what it gives is never above
 * the minimum, and below it by less than a unit a sample, some 1e-9 of what all samples cost.
 */
export function createKernelPricedSweep(
  state: SweepState,
  kernel: KernelTrace,
  firstExit: (sweep: PricedSweep) => FirstExit,
): (sweep: PricedSweep) => PricedResult {
  const { space, grid, levels, trace, costs, right, latencyMs } = state;
  const minPricedMs = new Float64Array(levels);
  const flagCounts = state.codes.map(countFlags);
  const prices: ExitPrices = { second: new Int32Array(4), third: new Int32Array(4) };
  let scale = { priceMs: Number.NaN, unitsPerMs: 0 };

  function unitsFor(priceMs: number): number {
    if (scale.priceMs !== priceMs)
      scale = { priceMs, unitsPerMs: MAX_UNITS / maxPriced(space, flagCounts, priceMs) };
    return scale.unitsPerMs;
  }

  return (sweep) => {
    const { candidate, nextCandidate, lastCandidate, priceMs, fromLevel, toLevel, prefix } = sweep;
    const depth = prefix.length;
    trace.moveTo(prefix);
    const { passing, rightBase } = firstExit(sweep);
    beginSweep(state, sweep);
    const unitsPerMs = unitsFor(priceMs);
    const { headMs } = space.candidates[lastCandidate];
    priceLeaving(space, nextCandidate, headMs, priceMs, unitsPerMs, prices.second);
    priceLeaving(space, lastCandidate, 0, priceMs, unitsPerMs, prices.third);
    const exits: ThreeExits = {
      candidates: [candidate, nextCandidate, lastCandidate],
      levels: [grid[candidate].length, grid[nextCandidate].length],
    };
    const minima = kernel.minOfPairs(depth, exits, prices);
    const left = sumOfLeft(state, depth);
    const remaining = trace.remaining[depth];
    for (let level = fromLevel; level < toLevel; level++) {
      const passed = passing[level];
      const leaving = left + (remaining - passed) * costs[depth];
      const atBackbone = passed * costs[depth + 3] + priceMs * (space.samples - rightBase[level]);
      minPricedMs[level - fromLevel] = (leaving + atBackbone + minima[level] / unitsPerMs) / space.samples;
    }
    const size = { rows: toLevel - fromLevel, columns: sweepColumns(sweep, grid), entries: 0 };
    return { kind: "priced", sweep, ...size, right, latencyMs, minPricedMs };
  };
}

/** How many samples have which flags at a candidate: neither it nor the backbone right, the backbone alone, the exit alone, both. */
function countFlags(codes: Uint16Array): number[] {
  const bins = [0, 0, 0, 0];
  for (const code of codes) bins[(code & (EXIT_RIGHT | BACKBONE_RIGHT)) >> FLAG_SHIFT]++;
  return bins;
}

/**
 * Writes what a sample costs that leaves at a candidate, by its flags, beyond what it costs at the backbone's end.
 * @param savedMs heads behind the candidate that it doesn't run then
 */
function priceLeaving(
  { candidates, backboneMs }: SearchSpace,
  candidate: number,
  savedMs: number,
  priceMs: number,
  unitsPerMs: number,
  target: Int32Array,
): void {
  const latencyMs = candidates[candidate].prefixMs - backboneMs - savedMs;
  for (const flags of ALL_FLAGS)
    target[flags] = Math.floor(unitsPerMs * (latencyMs + priceMs * wrongMore(flags)));
}

/** By how much leaving is wrong more often than staying: 1, 0 or -1. */
function wrongMore(flags: number): number {
  const backboneRight = flags & 1;
  const exitRight = flags >> 1;
  return backboneRight - exitRight;
}

/** More than any sum over two exits' prices, however signed, ms. */
function maxPriced(
  { candidates, backboneMs }: SearchSpace,
  flagCounts: readonly (readonly number[])[],
  priceMs: number,
): number {
  const headMs = Math.max(0, ...candidates.map((candidate) => candidate.headMs));
  const sums = candidates.map(({ prefixMs }, c) =>
    ALL_FLAGS.reduce((sum, flags) => {
      const maxPrice = Math.abs(prefixMs - backboneMs) + headMs + priceMs * Math.abs(wrongMore(flags));
      return sum + flagCounts[c][flags] * maxPrice;
    }, 0),
  );
  return 2 * Math.max(...sums) || 1;
}
