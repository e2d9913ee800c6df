import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../base/random.ts";
import { evaluatePlan } from "../../evaluate/evaluate-plan.ts";
import { levelCodes } from "../../evaluate/level-codes.ts";
import type { PlacedExit } from "../../evaluate/sweep.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import { ragbagSpace, syntheticSpace } from "../../space/testing/synthetic-space.ts";
import { thresholdGrid } from "../../space/threshold-grid.ts";
import { type Chain, cheapestWays } from "./cheapest-ways.ts";
import { emptyPrefix } from "./exact-bounds.ts";
import { splitByLevels } from "./level-split.ts";
import { createRemainderBounds } from "./remainder-bounds.ts";

const drawn = fc.record({
  seed: fc.nat(),
  samples: fc.integer({ min: 1, max: 40 }),
  levels: fc.integer({ min: 1, max: 4 }),
  priceMs: fc.constantFrom(0, 0.1, 1, 8, 100),
  makeSpace: fc.constantFrom(ragbagSpace, syntheticSpace),
});

/** Exits of five positions, a candidate each: one or two that are split by, and three behind them. */
function chainOf(space: SearchSpace, exits: number): { split: number[]; chain: Chain } {
  const byPosition = new Map(space.candidates.map(({ position }, c) => [position, c]));
  const rising = [...byPosition.keys()].sort((a, b) => a - b).map((position) => byPosition.get(position)!);
  const [first, second, third] = rising.slice(exits);
  return { split: rising.slice(0, exits), chain: [first, second, third] };
}

/** Priced latency of a plan, a sum over samples. */
function pricedSum(space: SearchSpace, exits: readonly PlacedExit[], priceMs: number): number {
  const grid = thresholdGrid(space);
  const plan = exits.map(({ candidate, level }) => ({ candidate, threshold: grid[candidate][level] }));
  const { accuracy, latencyMs } = evaluatePlan(space, plan);
  return space.samples * (latencyMs.mean + priceMs * (1 - accuracy));
}

/** The minimum priced latency of all plans that begin with a prefix and go on with a chain, a sum over samples. */
function minOfChain(space: SearchSpace, prefix: PlacedExit[], chain: Chain, priceMs: number): number {
  let plans: PlacedExit[][] = [prefix];
  for (const candidate of chain) {
    const levels = [...thresholdGrid(space)[candidate].keys()];
    plans = plans.flatMap((exits) => levels.map((level) => [...exits, { candidate, level }]));
  }
  return Math.min(...plans.map((exits) => pricedSum(space, exits, priceMs)));
}

test.each([1, 2])(
  "with %i exits: no plan costs less than is spent and bounded, whatever is known",
  (exits) => {
    let met = 0;
    fc.assert(
      fc.property(drawn, ({ seed, samples, levels, priceMs, makeSpace }) => {
        const random = seededRandom(seed);
        const space = makeSpace(random, { samples, positions: exits + 3, maxExits: 5, levels });
        const grid = thresholdGrid(space);
        const { split: of, chain } = chainOf(space, exits);
        const split = splitByLevels(space, grid, levelCodes(space, grid), emptyPrefix(space), of, priceMs);
        const right = {
          exits: space.candidates.map(({ correct }) => correct),
          backbone: space.backboneCorrect,
        };
        const cheapest = cheapestWays(space, right, split, [chain], priceMs);
        const bounds = createRemainderBounds(1, split.rows, split.columns, cheapest);
        for (let row = split.rows - 1; row >= (exits > 1 ? 0 : -1); row--) {
          bounds.toRow(row);
          for (let column = split.columns - 1; column >= 0; column--) {
            bounds.toColumn(column);
            const placed = (exits > 1 ? [row, column] : [column]).map((level, k) => ({
              candidate: of[k],
              level,
            }));
            const spent = split.spent[(row + 1) * split.columns + column];
            const min = minOfChain(space, placed, chain, priceMs);
            expect(spent + bounds.min[0]).toBeLessThanOrEqual(min + 1e-9 * (1 + Math.abs(min)));
            if (bounds.min[0] > 0) met++;
            if (random() < 0.3) bounds.raise(0, min - spent);
          }
        }
      }),
      { numRuns: 60, seed: 1 },
    );
    expect(met).toBeGreaterThan(40);
  },
);

test("what is spent is what the plan costs whose later exits and backbone cost nothing and are right", () => {
  fc.assert(
    fc.property(drawn, ({ seed, samples, levels, priceMs, makeSpace }) => {
      const drawnSpace = makeSpace(seededRandom(seed), { samples, positions: 5, maxExits: 5, levels });
      const space = { ...drawnSpace, backboneCorrect: new Uint8Array(samples).fill(1) };
      const grid = thresholdGrid(space);
      const { split: of } = chainOf(space, 2);
      const split = splitByLevels(space, grid, levelCodes(space, grid), emptyPrefix(space), of, priceMs);
      for (let row = 0; row < split.rows; row++) {
        for (let column = 0; column < split.columns; column++) {
          const at = (row + 1) * split.columns + column;
          const placed = [row, column].map((level, k) => ({ candidate: of[k], level }));
          const remaining = split.remaining[at];
          const atBackbone = remaining * (space.backboneMs + split.headsMs);
          expect(split.spent[at] + atBackbone).toBeCloseTo(pricedSum(space, placed, priceMs), 8);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("a sample's cheapest way out is by hand what it is by table", () => {
  // One sample, right at the second exit alone: 2 + 0.5 there, or 1 at the first and the price.
  const base = syntheticSpace(seededRandom(1), { samples: 1, positions: 4, maxExits: 4, levels: 1 });
  const candidates = base.candidates.map((candidate, c) => ({
    ...candidate,
    prefixMs: c,
    headMs: 0.25,
    correct: Uint8Array.of(c === 2 ? 1 : 0),
  }));
  const space = { ...base, candidates, backboneCorrect: Uint8Array.of(0), backboneMs: 10 };
  const grid = thresholdGrid(space);
  const right = { exits: candidates.map(({ correct }) => correct), backbone: space.backboneCorrect };
  const cost = (priceMs: number) => {
    const split = splitByLevels(space, grid, levelCodes(space, grid), emptyPrefix(space), [0], priceMs);
    return cheapestWays(space, right, split, [[1, 2, 3]], priceMs).reduce((sum, part) => sum + part, 0);
  };
  // Heads on the way: that of the split, and one or two more.
  expect(cost(10)).toBeCloseTo(2 + 0.75, 12);
  expect(cost(0.5)).toBeCloseTo(1 + 0.5 + 0.5, 12);
});
