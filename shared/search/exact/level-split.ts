import { EXIT_RIGHT, LEVEL_SHIFT } from "../../evaluate/level-codes.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import type { ThresholdGrid } from "../../space/threshold-grid.ts";
import type { Prefix } from "./exact-bounds.ts";

/** The samples that a prefix leaves under way, by the levels at which they leave at the next one or two exits. */
export interface LevelSplit {
  readonly prefix: Prefix;
  readonly exits: readonly number[];
  /** Levels of the first of two exits; 0 if there is just one. */
  readonly rows: number;
  /** Levels of the last exit. */
  readonly columns: number;
  /** Sum of h over prefix and exits, ms, and the weights that it takes with the backbone's. */
  readonly headsMs: number;
  readonly bytes: number;
  readonly samples: Int32Array;
  /** Per sample under way where its levels are [(rows + 1) x (columns + 1)]. */
  readonly cells: Int32Array;
  /**
   * Priced latency of the samples that have left with the exits at these levels, a sum, and how many remain
   * [(rows + 1) x columns]; the first row is that without the first of two exits.
   */
  readonly spent: Float64Array;
  readonly remaining: Int32Array;
}

/** @param codes level codes per candidate [candidates][samples] */
export function splitByLevels(
  { candidates }: SearchSpace,
  grid: ThresholdGrid,
  codes: readonly Uint16Array[],
  prefix: Prefix,
  exits: readonly number[],
  priceMs: number,
): LevelSplit {
  const samples = underWay(codes, prefix);
  const last = exits[exits.length - 1];
  const first = exits.length > 1 ? exits[0] : undefined;
  const rows = first === undefined ? 0 : grid[first].length;
  const columns = grid[last].length;
  const cells = new Int32Array(samples.length);
  const leavingFirst = new Float64Array(rows + 1);
  const leavingLast = new Float64Array((rows + 1) * (columns + 1));
  const counts = new Int32Array((rows + 1) * (columns + 1));
  const heads = exits.map((c) => candidates[c].headMs);
  const firstMs = first === undefined ? 0 : candidates[first].prefixMs + prefix.headsMs + heads[0];
  const headsMs = heads.reduce((sum, headMs) => sum + headMs, prefix.headsMs);
  const lastMs = candidates[last].prefixMs + headsMs;
  for (const [k, sample] of samples.entries()) {
    const row = first === undefined ? 0 : codes[first][sample] >> LEVEL_SHIFT;
    const cell = row * (columns + 1) + (codes[last][sample] >> LEVEL_SHIFT);
    cells[k] = cell;
    counts[cell]++;
    if (first !== undefined) leavingFirst[row] += firstMs + (codes[first][sample] & EXIT_RIGHT ? 0 : priceMs);
    leavingLast[cell] += lastMs + (codes[last][sample] & EXIT_RIGHT ? 0 : priceMs);
  }
  return {
    prefix,
    exits,
    rows,
    columns,
    headsMs,
    bytes: exits.reduce((sum, c) => sum + candidates[c].headBytes, prefix.bytes),
    samples,
    cells,
    ...sumUp(rows, columns, spentBefore(prefix, priceMs), leavingFirst, leavingLast, counts),
  };
}

/** The samples that no exit of a prefix lets leave. */
function underWay(codes: readonly Uint16Array[], { exits }: Prefix): Int32Array {
  const stays = (sample: number) =>
    exits.every(({ candidate, level }) => codes[candidate][sample] >> LEVEL_SHIFT > level);
  return Int32Array.from(codes[0].keys()).filter(stays);
}

/** Priced latency of the samples that left within a prefix, a sum. */
function spentBefore({ counts, costs, right }: Prefix, priceMs: number): number {
  const left = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, k) => sum + count * costs[k], priceMs * (left - right));
}

function sumUp(
  rows: number,
  columns: number,
  before: number,
  leavingFirst: Float64Array,
  leavingLast: Float64Array,
  counts: Int32Array,
): Pick<LevelSplit, "spent" | "remaining"> {
  const spent = new Float64Array((rows + 1) * columns);
  const remaining = new Int32Array((rows + 1) * columns);
  // Of who passes the first exit, per column.
  const passing = new Float64Array(columns + 1);
  const passingCount = new Int32Array(columns + 1);
  let leftFirst = leavingFirst.reduce((sum, priced) => sum + priced, before);
  for (let row = rows; row >= 0; row--) {
    // From the last row up: behind it are those that never leave, who stand in row `rows`.
    leftFirst -= leavingFirst[row];
    let gone = 0;
    let stay = 0;
    for (let column = 0; column <= columns; column++) {
      passing[column] += leavingLast[row * (columns + 1) + column];
      passingCount[column] += counts[row * (columns + 1) + column];
      stay += passingCount[column];
    }
    for (let column = 0; column < columns; column++) {
      gone += passing[column];
      stay -= passingCount[column];
      spent[row * columns + column] = leftFirst + gone;
      remaining[row * columns + column] = stay;
    }
  }
  return { spent, remaining };
}
