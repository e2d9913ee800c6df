import { randomInteger } from "../../base/random.ts";
import { resultOf } from "../../evaluate/sweep.ts";
import { countRight, referenceAccuracy } from "../../space/reference-point.ts";
import { constraintLimits } from "../engine/constraint-limits.ts";
import type { Asking, SearchContext } from "../engine/search-algorithm.ts";

/** How many chains of three exits the price is found on. */
const CHAINS = 200;

/** Steps of the golden section: the price is then known to a tenth. */
const STEPS = 11;

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * What one share of right samples (1 is all of them) is worth in mean latency, ms, near the plan that the use case
 * calls for: the price at which the minimum priced latency bounds that plan's latency best (the Lagrangian dual of the
 * accuracy wanted), taken over some chains of three exits. Any price gives valid bounds; those of this one bite.
 */
export function* findPrice(context: SearchContext): Asking<number> {
  const { space, target, useCase } = context;
  const { minRight } = constraintLimits(useCase, space.samples, referenceAccuracy(space));
  const rightAtEnd = countRight(space.backboneCorrect);
  const wanted = (target.bestRight() ?? Math.min(minRight, rightAtEnd)) / space.samples;
  const chains = someChains(context);

  /** The bound that a price gives; concave in it. */
  function* dual(priceMs: number): Asking<number> {
    let min = Number.POSITIVE_INFINITY;
    for (const [candidate, nextCandidate, lastCandidate] of chains) {
      const toLevel = context.grid[candidate].length;
      const exits = { prefix: [], candidate, fromLevel: 0, toLevel, nextCandidate, lastCandidate };
      const { minPricedMs, rows } = resultOf("priced", yield { kind: "priced", ...exits, priceMs });
      for (let row = 0; row < rows; row++) min = Math.min(min, minPricedMs[row]);
    }
    return min - priceMs * (1 - wanted);
  }

  // Prices from a hundredth of the backbone's latency to a thousand times it, by their logarithm.
  const unitMs = space.backboneMs;
  let [low, high] = [Math.log(0.01 * unitMs), Math.log(1000 * unitMs)];
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [atLeft, atRight] = [yield* dual(Math.exp(left)), yield* dual(Math.exp(right))];
  for (let step = 0; step < STEPS; step++) {
    if (atLeft > atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = yield* dual(Math.exp(left));
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = yield* dual(Math.exp(right));
    }
  }
  return Math.exp(atLeft > atRight ? left : right);
}

/** Random chains of three candidates at rising positions; none where there are fewer. */
function someChains({ space: { candidates }, random }: SearchContext): number[][] {
  if (candidates.length < 3) return [];
  const draw = () => randomInteger(random, candidates.length);
  const drawn = Array.from({ length: 4 * CHAINS }, () => [draw(), draw(), draw()].sort((a, b) => a - b));
  const rises = (chain: readonly number[]) =>
    chain.every((c, k) => k === 0 || candidates[chain[k - 1]].position < candidates[c].position);
  const distinct = new Map(drawn.filter(rises).map((chain) => [chain.join(), chain]));
  return [...distinct.values()].slice(0, CHAINS);
}
