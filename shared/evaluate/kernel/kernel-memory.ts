import type { SearchSpace } from "../../space/search-space.ts";
import { CODES_PER_LEVEL } from "../level-codes.ts";
import { outcomeBins } from "../reference/midway-sweep.ts";
import { KERNEL_BASE, type KernelInstance } from "./kernel-module.ts";

/** What tells a sample's price: whether exit and backbone are right. */
export const FLAGS = 4;

/** Columns come in blocks, each of eight vectors of four. */
const BLOCK_COLUMNS = 32;

/** Addresses of everything, one after the other, each on a boundary of 16 bytes. */
export function layOut(space: SearchSpace, levels: number) {
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
    carriedMinima: take(16 * (levels + 1)),
    minima: take(4 * levels),
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

export type KernelLayout = ReturnType<typeof layOut>;

/**
 * Writes what stays as it is: codes, all samples at the first depth, where columns lie, and an infinite curve.
 * @param codes level codes per candidate [candidates][samples]
 */
export function fillMemory(
  { samples }: SearchSpace,
  codes: readonly Uint16Array[],
  levels: number,
  { at, blocks }: KernelLayout,
  { exports, buffer }: KernelInstance,
): void {
  for (const [c, code] of codes.entries()) new Uint16Array(buffer, at.codes[0][c], samples).set(code);
  const everybody = new Int32Array(buffer, at.samples[0], samples);
  for (let sample = 0; sample < samples; sample++) everybody[sample] = sample;
  new Float64Array(buffer, at.curve, samples + 1).fill(Number.POSITIVE_INFINITY);
  new Uint16Array(buffer, at.columnAt, levels + 1).set(columnPlaces(levels, blocks));
  exports.writeHitsTo(at.plans, at.right, at.latencyMs, at.passingBoth);
  exports.carryTo(at.carriedSums, at.carriedMinima);
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
