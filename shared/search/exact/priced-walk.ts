import { lastExitSweep, type PlacedExit, resultOf } from "../../evaluate/sweep.ts";
import { maxPlanBytes } from "../../space/search-space.ts";
import type { Asking, SearchContext } from "../engine/search-algorithm.ts";
import { createChainSweep } from "./chain-sweep.ts";
import { type Chain, cheapestWays } from "./cheapest-ways.ts";
import { extend, type Prefix } from "./exact-bounds.ts";
import { type LevelSplit, splitByLevels } from "./level-split.ts";
import type { PlanTree } from "./plan-tree.ts";
import { createRemainderBounds, type RemainderBounds } from "./remainder-bounds.ts";

/** How many exits a priced sweep has. */
const SWEPT = 3;

/** So many sums are held at once, 16 MB. */
const MAX_SUMS = 2 ** 21;

/**
 * Walks the plans of a number of exits for the best one by mean latency: all levels of the last three exits in one
 * priced sweep, and of the exits before those only where lower bounds on what they leave over don't rule them out.
 */
export function createPricedWalk(context: SearchContext, { root, behind }: PlanTree) {
  const { space, grid, codes, useCase, noteWork } = context;
  const { candidates } = space;
  const right = { exits: candidates.map(({ correct }) => correct), backbone: space.backboneCorrect };
  const maxBytes = maxPlanBytes(space, useCase);
  const chainSweep = createChainSweep(context);

  /** Asks for all plans of just so many exits, three or more, that begin with an exit at any level and may be the best. */
  function* visit(first: number, exits: number, priceMs: number): Asking {
    if (exits > SWEPT) yield* visitFrom(root, [first], exits - SWEPT, priceMs);
    else
      for (const chain of chainsFrom(root.bytes, first))
        yield* chainSweep.sweep([], chain, priceMs, chainSweep.maxPriced(priceMs));
  }

  /** Goes on with so many exits, the first of them one of the `next`, before the last three. */
  function* visitFrom(prefix: Prefix, next: readonly number[], exits: number, priceMs: number): Asking {
    for (const first of next) {
      if (exits === 1) yield* visitSplit(prefix, [first], priceMs);
      else if (exits === 2)
        for (const second of behind[first]) yield* visitSplit(prefix, [first, second], priceMs);
      else
        for (const child of yield* children(prefix, first))
          yield* visitFrom(child, behind[first], exits - 1, priceMs);
    }
  }

  /** The prefix with an exit at each level that lets somebody pass. */
  function* children(prefix: Prefix, candidate: number): Asking<Prefix[]> {
    const sweep = lastExitSweep(prefix.exits, candidate, grid);
    const { boundCounts } = resultOf("one-exit", yield sweep);
    return Array.from({ length: sweep.toLevel }, (_, level) =>
      extend(space, prefix, { candidate, level }, boundCounts),
    ).filter(({ remaining }) => remaining > 0);
  }

  /** Asks for the plans that go on with one or two exits at all their levels and end with three more. */
  function* visitSplit(prefix: Prefix, exits: readonly number[], priceMs: number): Asking {
    const split = splitByLevels(space, grid, codes, prefix, exits, priceMs);
    const size = (split.rows + 1) * (split.columns + 1);
    const atOnce = Math.max(1, Math.floor(MAX_SUMS / size));
    for (const next of behind[exits[exits.length - 1]]) {
      const chains = chainsFrom(split.bytes, next);
      for (let from = 0; from < chains.length; from += atOnce) {
        const some = chains.slice(from, from + atOnce);
        const cheapest = cheapestWays(space, right, split, some, priceMs);
        noteWork(some.length * split.samples.length);
        yield "pause";
        const bounds = createRemainderBounds(some.length, split.rows, split.columns, cheapest);
        yield* visitChains(split, some, bounds, priceMs);
      }
    }
  }

  /** All ways to go on with `next` and two exits behind it whose heads still fit. */
  function chainsFrom(bytes: number, next: number): Chain[] {
    const fits = (chain: Chain) => chain.reduce((sum, c) => sum + candidates[c].headBytes, bytes) <= maxBytes;
    const chains = behind[next].flatMap((second) =>
      behind[second].map((third): Chain => [next, second, third]),
    );
    return chains.filter(fits);
  }

  /** Visits all levels of the split's exits from the last to the first, and sweeps the chains that the bounds leave. */
  function* visitChains(
    split: LevelSplit,
    chains: readonly Chain[],
    bounds: RemainderBounds,
    priceMs: number,
  ): Asking {
    const { rows, columns, spent, remaining } = split;
    const firstRow = rows > 0 ? 0 : -1;
    let maxPriced = chainSweep.maxPriced(priceMs);
    for (let row = rows - 1; row >= firstRow; row--) {
      bounds.toRow(row);
      for (let column = columns - 1; column >= 0; column--) {
        bounds.toColumn(column);
        const at = (row + 1) * columns + column;
        if (remaining[at] === 0) continue;
        const prefix = placed(split, row, column);
        for (let chain = 0; chain < chains.length; chain++) {
          if (spent[at] + bounds.min[chain] > maxPriced) continue;
          const min = yield* chainSweep.sweep(prefix, chains[chain], priceMs, maxPriced);
          bounds.raise(chain, min - spent[at]);
          if (min <= maxPriced) maxPriced = chainSweep.maxPriced(priceMs);
        }
      }
    }
  }

  return { visit };
}

function placed({ prefix, exits }: LevelSplit, row: number, column: number): PlacedExit[] {
  const levels = exits.length > 1 ? [row, column] : [column];
  return [...prefix.exits, ...exits.map((candidate, k) => ({ candidate, level: levels[k] }))];
}
