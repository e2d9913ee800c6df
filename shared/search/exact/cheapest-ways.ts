import type { SearchSpace } from "../../space/search-space.ts";
import type { LevelSplit } from "./level-split.ts";

/** Candidates at rising positions, behind those of a split. */
export type Chain = readonly [number, number, number];

/** Who is right, 1 or 0, per candidate [candidates][samples] and at the backbone's end [samples]. */
export interface RightTable {
  readonly exits: readonly Uint8Array[];
  readonly backbone: Uint8Array;
}

/**
 * Per chain the sums of what each sample costs at its cheapest, leaving at one of the chain's exits or at the backbone's
 * end, by the sample's levels at the exits of the split [chains x (rows + 1) x (columns + 1)].
 */
export function cheapestWays(
  { candidates, backboneMs }: SearchSpace,
  right: RightTable,
  { samples, cells, rows, columns, headsMs }: LevelSplit,
  chains: readonly Chain[],
  priceMs: number,
): Float64Array {
  const size = (rows + 1) * (columns + 1);
  const sums = new Float64Array(chains.length * size);
  const rightBefore = new Uint8Array(samples.length);
  let before: readonly number[] = [];
  for (const [chain, exits] of chains.entries()) {
    const [first, second, third] = exits;
    // Chains come in order, so most begin as the last one did.
    if (before[0] !== first || before[1] !== second)
      noteRight(samples, [right.exits[first], right.exits[second], right.backbone], rightBefore);
    before = exits;
    let heads = headsMs;
    const costs = exits.map((c) => {
      heads += candidates[c].headMs;
      return candidates[c].prefixMs + heads;
    });
    const [atFirst, atSecond, atThird] = costs;
    const cheapest = cheapestByRight([atFirst, atSecond, backboneMs + heads, atThird], priceMs);
    const own = sums.subarray(chain * size, (chain + 1) * size);
    addCheapest(samples, cells, rightBefore, right.exits[third], cheapest, own);
  }
  return sums;
}

/** Who is right where, of three ways out: a bit each. */
function noteRight(samples: Int32Array, [a, b, c]: readonly Uint8Array[], target: Uint8Array): void {
  for (let k = 0; k < samples.length; k++) {
    const sample = samples[k];
    target[k] = a[sample] | (b[sample] << 1) | (c[sample] << 2);
  }
}

/** The inner loop: adds each sample's cheapest way to the sum of its cell. @param cheapest by who is right */
function addCheapest(
  samples: Int32Array,
  cells: Int32Array,
  rightBefore: Uint8Array,
  rightAtLast: Uint8Array,
  cheapest: Float64Array,
  sums: Float64Array,
): void {
  for (let k = 0; k < samples.length; k++)
    sums[cells[k]] += cheapest[rightBefore[k] | (rightAtLast[samples[k]] << 3)];
}

/** The cheapest of some ways out for each set of them that is right, a bit per way [2 ^ ways]. */
function cheapestByRight(costs: readonly number[], priceMs: number): Float64Array {
  return Float64Array.from({ length: 1 << costs.length }, (_, right) =>
    Math.min(...costs.map((cost, way) => cost + ((right >> way) & 1 ? 0 : priceMs))),
  );
}
