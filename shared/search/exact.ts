import { z } from "zod";
import type { Outlook } from "../evaluate/sweep.ts";
import { createHopelessTest, emptyPrefix, extend, type Prefix } from "./exact-bounds.ts";
import { type Asking, defineAlgorithm, type SearchContext } from "./search-algorithm.ts";

/**
 * Exact search: all placements and thresholds, depth-first, without what cannot reach the front.
 *
 * A node is a prefix. One sweep per next candidate evaluates all plans that are one exit longer and says what
 * they leave to later exits, from which admissible bounds tell what is worth going on from. The last two exits
 * are swept together, so that passes over the samples are only as many as there are plans two exits shorter.
 */
export const exact = defineAlgorithm({
  id: "exact",
  title: "Exact (branch and bound)",
  options: z.object({}),
  exhaustive: true,
  *search(context) {
    const walk = createWalk(context);
    // Plans of up to two exits first where longer ones follow: against a good archive the bounds bite early.
    if (context.space.maxExits > 2) yield* walk.visit(emptyPrefix(context.space), 2);
    yield* walk.visit(emptyPrefix(context.space), context.space.maxExits);
  },
});

function createWalk(context: SearchContext) {
  const { space, grid } = context;
  const { candidates } = space;
  const maxBytes = context.useCase.maxBytes ?? Number.POSITIVE_INFINITY;
  const isHopelessMidway = createHopelessTest(context, true);
  const isHopelessAtLast = createHopelessTest(context, false);
  const rescued = candidates.map(({ correct }) => countRescued(correct, space.backboneCorrect));

  /** The candidates that may follow a prefix: behind its last exit, with a head that still fits. */
  function followers(prefix: Prefix): number[] {
    const last = prefix.exits.at(-1);
    const position = last ? candidates[last.candidate].position : Number.NEGATIVE_INFINITY;
    const all = [...candidates.keys()];
    return all.filter(
      (c) => candidates[c].position > position && prefix.bytes + candidates[c].headBytes <= maxBytes,
    );
  }

  /** Asks for all plans that continue the prefix, up to `maxExits` exits in all. */
  function* visit(prefix: Prefix, maxExits: number): Asking {
    if (prefix.exits.length === maxExits) return;
    const outlooks = new Map<number, Outlook>();
    for (const f of followers(prefix)) {
      const { outlook } = yield {
        prefix: prefix.exits,
        candidate: f,
        fromLevel: 0,
        toLevel: grid[f].length,
      };
      if (outlook) outlooks.set(f, copyOutlook(outlook, grid[f].length));
    }
    const exitsLeft = maxExits - prefix.exits.length - 1;
    for (const f of outlooks.keys()) {
      if (exitsLeft === 1) yield* sweepLastTwo(prefix, f, outlooks);
      if (exitsLeft > 1) yield* descend(prefix, f, outlooks, maxExits);
    }
  }

  function* descend(
    prefix: Prefix,
    f: number,
    outlooks: ReadonlyMap<number, Outlook>,
    maxExits: number,
  ): Asking {
    const outlook = outlooks.get(f)!;
    for (const level of busyLevels(prefix, outlook)) {
      const child = extend(space, prefix, { candidate: f, level }, outlook);
      const worthwhile = followers(child).some((g) => {
        const atNext = rightAtNext(prefix, outlook, outlooks.get(g)!, level);
        return !isHopelessMidway(child, g, { atNext, inTheEnd: outlook.reachable[level] });
      });
      if (worthwhile) yield* visit(child, maxExits);
    }
  }

  function* sweepLastTwo(prefix: Prefix, f: number, outlooks: ReadonlyMap<number, Outlook>): Asking {
    const outlook = outlooks.get(f)!;
    const children = busyLevels(prefix, outlook).map((level) => ({
      level,
      child: extend(space, prefix, { candidate: f, level }, outlook),
    }));
    if (children.length === 0) return;
    for (const g of followers(children[0].child)) {
      const hopeful = children.filter(({ child, level }) => {
        const atNext = rightAtNext(prefix, outlook, outlooks.get(g)!, level);
        const inTheEnd = Math.min(outlook.reachable[level], outlook.backboneRight[level] + rescued[g]);
        return !isHopelessAtLast(child, g, { atNext, inTheEnd });
      });
      if (hopeful.length === 0) continue;
      yield {
        prefix: prefix.exits,
        candidate: f,
        fromLevel: hopeful[0].level,
        toLevel: hopeful[hopeful.length - 1].level + 1,
        nextCandidate: g,
      };
    }
  }

  return { visit };
}

/**
 * Levels at which the exit makes a difference. Where nobody leaves, the plan without the exit is as accurate
 * and no slower; where nobody stays, no later exit matters; equal levels give equal plans.
 */
function busyLevels(prefix: Prefix, { remaining }: Outlook): number[] {
  const levels = [...remaining.keys()];
  return levels.filter((level) => {
    const before = level === 0 ? prefix.remaining : remaining[level - 1];
    return remaining[level] > 0 && remaining[level] < before;
  });
}

/** The most that the exit behind the one at hand gets right of the samples that this one's level lets through. */
function rightAtNext(prefix: Prefix, outlook: Outlook, next: Outlook, level: number): number {
  const rightOfAll = next.rightSoFar[next.rightSoFar.length - 1] - prefix.right;
  return Math.min(outlook.remaining[level], rightOfAll - outlook.easyLeft[level]);
}

/** How many samples an exit gets right and the backbone wrong. */
function countRescued(correct: Uint8Array, backboneCorrect: Uint8Array): number {
  let rescued = 0;
  for (let sample = 0; sample < correct.length; sample++)
    rescued += correct[sample] & ~backboneCorrect[sample];
  return rescued;
}

function copyOutlook(outlook: Outlook, rows: number): Outlook {
  return {
    remaining: outlook.remaining.slice(0, rows),
    rightSoFar: outlook.rightSoFar.slice(0, rows),
    backboneRight: outlook.backboneRight.slice(0, rows),
    reachable: outlook.reachable.slice(0, rows),
    easyLeft: outlook.easyLeft.slice(0, rows),
  };
}
