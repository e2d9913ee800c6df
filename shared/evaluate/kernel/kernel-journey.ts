import type { SearchSpace } from "../../space/search-space.ts";
import { CODES_PER_LEVEL, LEVEL_SHIFT } from "../level-codes.ts";
import { type CountOutcomes, outcomeBins, outcomesOf } from "../reference/midway-sweep.ts";
import type { CountCodes } from "../reference/one-exit-sweep.ts";
import { createJourney, type Journey, sameExits } from "../reference/travellers.ts";
import type { PlacedExit } from "../sweep.ts";
import { KERNEL_BASE, type KernelExports, type KernelInstance } from "./kernel-module.ts";

/** The kernel with a space's codes in its memory, and where everything lies there. */
export interface KernelJourney {
  readonly exports: KernelExports;
  readonly journey: Journey;
  readonly countCodes: CountCodes;
  readonly countOutcomes: CountOutcomes;
  /** Changes whenever other samples stand at a depth. */
  visitOf(depth: number): number;
  /** Fills the pair bins of two candidates from the samples at a depth. */
  countPairs(depth: number, first: number, second: number, stride: number, rows: number): void;
  /**
   * Per level of the first of three exits, the least over the levels of the other two that these add to what the samples
   * cost that pass it: whole numbers by who is right, see `leastOfPairs` in the kernel.
   */
  leastOfPairs(depth: number, exits: ThreeExits, prices: ExitPrices): Int32Array;
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

/** Candidates, in order, and how many levels the first two have. */
export interface ThreeExits {
  readonly candidates: readonly [number, number, number];
  readonly levels: readonly [number, number];
}

/** What leaving at the second and the third of three exits costs beyond going on, by flags: exit right << 1 | backbone right. */
export interface ExitPrices {
  readonly second: Int32Array;
  readonly third: Int32Array;
}

const FLAGS = 4;

/** Columns come in blocks, each of eight vectors of four. */
const BLOCK_COLUMNS = 32;

/** Addresses of everything, one after the other, each on a boundary of 16 bytes. */
function layOut(space: SearchSpace, levels: number) {
  let end = KERNEL_BASE;
  const take = (bytes: number) => {
    const start = end;
    end += (bytes + 15) & ~15;
    return start;
  };
  const depths = Math.max(1, space.maxExits);
  const candidates = space.candidates.length;
  const cells = levels * levels;
  const blocks = Math.ceil(levels / BLOCK_COLUMNS);
  const rowBytes = 4 * (blocks * BLOCK_COLUMNS + 4);
  const at = {
    curve: take(8 * (space.samples + 1)),
    codeBins: take(4 * (levels + 1) * CODES_PER_LEVEL),
    pairBins: take(16 * (levels + 1) * (levels + 1)),
    outcomeBins: take(4 * outcomeBins(levels, depths)),
    passing: take(4 * levels),
    rightBase: take(4 * levels),
    order: take(4 * (depths + 1)),
    counts: take(4 * (depths + 1)),
    costs: take(8 * (depths + 1)),
    plans: take(4 * cells),
    right: take(4 * cells),
    latencyMs: take(8 * cells),
    passingBoth: take(4 * cells),
    columnAt: take(2 * (levels + 1)),
    ends: take(4 * (levels + 2)),
    secondPrices: take(4 * FLAGS),
    thirdPrices: take(4 * FLAGS),
    pricedBins: take((levels + 1) * rowBytes),
    carriedSums: take(16 * (levels + 1)),
    carriedLeast: take(16 * (levels + 1)),
    least: take(4 * levels),
    sorted: take(4 * space.samples),
    rows: Array.from({ length: candidates }, () => take(4 * space.samples)),
    columns: Array.from({ length: candidates }, () => take(2 * space.samples)),
    outcomes: take(2 * space.samples),
    samples: Array.from({ length: depths }, () => take(4 * space.samples)),
    codes: Array.from({ length: depths }, () =>
      Array.from({ length: candidates }, () => take(2 * space.samples)),
    ),
  };
  return { at, end, blocks, rowBytes };
}

/** How much memory the kernel takes for a space. */
export function kernelBytes(space: SearchSpace, levels: number): number {
  return layOut(space, levels).end;
}

/**
 * @param codes level codes per candidate [candidates][samples]
 * @param instance with at least `kernelBytes`
 */
export function openKernel(
  space: SearchSpace,
  codes: readonly Uint16Array[],
  levels: number,
  { exports, buffer }: KernelInstance,
): KernelJourney {
  const { at, blocks, rowBytes } = layOut(space, levels);
  const cells = levels * levels;
  const groups = Math.max(1, space.maxExits) + 1;
  for (const [c, code] of codes.entries()) new Uint16Array(buffer, at.codes[0][c], space.samples).set(code);
  const everybody = new Int32Array(buffer, at.samples[0], space.samples);
  for (let sample = 0; sample < space.samples; sample++) everybody[sample] = sample;
  const curve = new Float64Array(buffer, at.curve, space.samples + 1).fill(Number.POSITIVE_INFINITY);
  const bins = new Int32Array(buffer, at.codeBins, (levels + 1) * CODES_PER_LEVEL);
  const midwayBins = new Int32Array(buffer, at.outcomeBins, outcomeBins(levels, space.maxExits));
  exports.writeHitsTo(at.plans, at.right, at.latencyMs, at.passingBoth);
  exports.carryTo(at.carriedSums, at.carriedLeast);
  new Uint16Array(buffer, at.columnAt, levels + 1).set(columnPlaces(levels, blocks));
  const secondPrices = new Int32Array(buffer, at.secondPrices, FLAGS);
  const thirdPrices = new Int32Array(buffer, at.thirdPrices, FLAGS);
  const least = new Int32Array(buffer, at.least, levels);

  // Codes are gathered once for the samples that stand at a depth, by whoever first asks for them.
  const visits = new Int32Array(at.codes.length);
  const gatheredAt = at.codes.map((row) => new Int32Array(row.length).fill(-1));
  function codesAt(depth: number, candidate: number): number {
    const target = at.codes[depth][candidate];
    if (depth === 0 || gatheredAt[depth][candidate] === visits[depth]) return target;
    exports.gather(at.codes[0][candidate], at.samples[depth], journey.remaining[depth], target);
    gatheredAt[depth][candidate] = visits[depth];
    return target;
  }

  // What a suffix makes of the samples at a depth; many candidates are swept in front of the same one.
  let marked: { depth: number; visit: number; suffix: readonly PlacedExit[] } | undefined;
  function markOutcomes(depth: number, suffix: readonly PlacedExit[]): void {
    const visit = visits[depth];
    if (marked?.depth === depth && marked.visit === visit && sameExits(marked.suffix, suffix)) return;
    marked = { depth, visit, suffix };
    const count = journey.remaining[depth];
    exports.markBackbone(codesAt(depth, suffix[0].candidate), count, suffix.length, at.outcomes);
    for (let k = suffix.length - 1; k >= 0; k--) {
      const staying = (suffix[k].level + 1) << LEVEL_SHIFT;
      exports.markLeavers(codesAt(depth, suffix[k].candidate), count, staying, k, at.outcomes);
    }
  }

  // Samples by falling level of the first of three exits, and where they stand at later ones, in that order.
  const sorted = { depth: 0, visit: -1, first: -1, rows: new Set<number>(), columns: new Set<number>() };
  function sortBy(depth: number, first: number): void {
    const visit = visits[depth];
    if (sorted.depth === depth && sorted.visit === visit && sorted.first === first) return;
    const count = journey.remaining[depth];
    exports.sortByLevel(codesAt(depth, first), at.samples[depth], count, levels, at.ends, at.sorted);
    Object.assign(sorted, { depth, visit, first });
    sorted.rows.clear();
    sorted.columns.clear();
  }

  function leastOfPairs(
    depth: number,
    { candidates, levels: of }: ThreeExits,
    prices: ExitPrices,
  ): Int32Array {
    const [first, second, third] = candidates;
    const count = journey.remaining[depth];
    sortBy(depth, first);
    if (!sorted.rows.has(second))
      exports.gatherRows(at.codes[0][second], at.sorted, count, rowBytes, at.rows[second]);
    if (!sorted.columns.has(third))
      exports.gatherColumns(at.codes[0][third], at.sorted, count, at.columnAt, at.columns[third]);
    sorted.rows.add(second);
    sorted.columns.add(third);
    secondPrices.set(prices.second);
    thirdPrices.set(prices.third);
    exports.leastOfPairs(
      at.rows[second],
      at.columns[third],
      at.ends,
      of[0],
      of[1],
      blocks,
      at.secondPrices,
      at.thirdPrices,
      at.pricedBins,
      at.least,
    );
    return least;
  }

  const journey = createJourney(space, (depth, exit, count) => {
    const staying = (exit.level + 1) << LEVEL_SHIFT;
    const arriving = codesAt(depth, exit.candidate);
    const both = exports.listStayers(at.samples[depth], arriving, count, staying, at.samples[depth + 1]);
    visits[depth + 1]++;
    return { stayed: Number(both & 0xffffffffn), leftRight: Number(both >> 32n) };
  });

  return {
    exports,
    journey,
    countCodes(depth, candidate) {
      exports.countCodes(codesAt(depth, candidate), journey.remaining[depth], at.codeBins, bins.length);
      return bins;
    },
    countOutcomes(depth, candidate, suffix) {
      markOutcomes(depth, suffix);
      const count = journey.remaining[depth];
      const codes = codesAt(depth, candidate);
      exports.countOutcomes(codes, at.outcomes, count, at.outcomeBins, outcomesOf(suffix), midwayBins.length);
      return midwayBins;
    },
    leastOfPairs,
    visitOf: (depth) => visits[depth],
    countPairs(depth, first, second, stride, rows) {
      const count = journey.remaining[depth];
      exports.countPairs(codesAt(depth, first), codesAt(depth, second), count, at.pairBins, stride, rows);
    },
    curve,
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

/** Where a level's column lies in a row of priced bins, bytes: a vector holds one column of each quarter of the row. */
function columnPlaces(levels: number, blocks: number): Uint16Array {
  const vectors = (blocks * BLOCK_COLUMNS) / 4;
  const places = Uint16Array.from(
    { length: levels + 1 },
    (_, level) => ((level % vectors) * 4 + Math.floor(level / vectors)) << 2,
  );
  // Who never leaves is in none of the columns that are added up.
  places[levels] = (blocks * BLOCK_COLUMNS) << 2;
  return places;
}
