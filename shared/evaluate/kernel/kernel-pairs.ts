import { FLAGS, type KernelLayout } from "./kernel-memory.ts";
import type { KernelInstance } from "./kernel-module.ts";
import type { KernelSamples } from "./kernel-samples.ts";

/** Candidates, in order, and how many levels the first two have. */
export interface ThreeExits {
  readonly candidates: readonly [number, number, number];
  readonly levels: readonly [number, number];
}

/** What leaving at the second and the third of three exits costs beyond continuing, by flags: exit right << 1 | backbone right. */
export interface ExitPrices {
  readonly second: Int32Array;
  readonly third: Int32Array;
}

/**
 * Per level of the first of three exits, the minimum over the levels of the other two that these add to what the samples
 * cost that pass it: whole numbers by who is right, see `minOfPairs` in the kernel.
 */
export type MinOfPairs = (depth: number, exits: ThreeExits, prices: ExitPrices) => Int32Array;

export function createPairMinima(
  levels: number,
  { at, blocks, rowBytes }: KernelLayout,
  { exports, buffer }: KernelInstance,
  { trace, visitOf, codesAt }: KernelSamples,
): MinOfPairs {
  const secondPrices = new Int32Array(buffer, at.secondPrices, FLAGS);
  const thirdPrices = new Int32Array(buffer, at.thirdPrices, FLAGS);
  const minima = new Int32Array(buffer, at.minima, levels);
  // Samples by falling level of the first exit, and where they are at later ones, in that order.
  const sorted = { depth: 0, visit: -1, first: -1, rows: new Set<number>(), columns: new Set<number>() };

  function sortBy(depth: number, first: number): void {
    const visit = visitOf(depth);
    if (sorted.depth === depth && sorted.visit === visit && sorted.first === first) return;
    const count = trace.remaining[depth];
    exports.sortByLevel(codesAt(depth, first), at.samples[depth], count, levels, at.ends, at.sorted);
    Object.assign(sorted, { depth, visit, first });
    sorted.rows.clear();
    sorted.columns.clear();
  }

  return (depth, { candidates, levels: of }, prices) => {
    const [first, second, third] = candidates;
    const count = trace.remaining[depth];
    sortBy(depth, first);
    if (!sorted.rows.has(second))
      exports.gatherRows(at.codes[0][second], at.sorted, count, rowBytes, at.rows[second]);
    if (!sorted.columns.has(third))
      exports.gatherColumns(at.codes[0][third], at.sorted, count, at.columnAt, at.columns[third]);
    sorted.rows.add(second);
    sorted.columns.add(third);
    secondPrices.set(prices.second);
    thirdPrices.set(prices.third);
    exports.minOfPairs(
      at.rows[second],
      at.columns[third],
      at.ends,
      of[0],
      of[1],
      blocks,
      at.secondPrices,
      at.thirdPrices,
      at.pricedBins,
      at.minima,
    );
    return minima;
  };
}
