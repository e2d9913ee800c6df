import { z } from "zod";
import type { Outlook } from "../../evaluate/sweep.ts";
import { mostBytes } from "../../space/search-space.ts";
import { countPlans } from "../engine/count-plans.ts";
import type { SearchShare } from "../engine/deal-shares.ts";
import { type Asking, defineAlgorithm, type SearchContext } from "../engine/search-algorithm.ts";
import { partKey, type SearchPart } from "../engine/search-progress.ts";
import type { BoundLine } from "../engine/search-target.ts";
import { createLabelFront } from "../local/label-front.ts";
import { improveAll, improveCorners } from "../local/pareto-local-search.ts";
import { createBound, emptyPrefix, extend, type Prefix } from "./exact-bounds.ts";
import { findPrice } from "./find-price.ts";
import { createPricedWalk } from "./priced-walk.ts";

/** Local search before the proof begins may ask for no more than this share of all plans, a small part of a proof's time. */
const SEED_SHARE = { front: 0.0007, best: 0.0001 } as const;

/**
 * Exact search: all placements and thresholds, depth-first, without what cannot reach the target: the front, or
 * the best plan for the use case.
 *
 * A node is a prefix. One sweep per next candidate evaluates all plans that are one exit longer and says what
 * they leave to later exits, from which admissible bounds tell what is worth going on from. The last two exits
 * are swept together, so that passes over the samples are only as many as there are plans two exits shorter. The best
 * plan by mean latency is found faster at a price, see `createPricedWalk`.
 */
export const exact = defineAlgorithm({
  id: "exact",
  title: "Exact (branch and bound)",
  options: z.object({}),
  exhaustive: true,
  *search(context) {
    const { space, grid, goal, progress, share } = context;
    const walk = createWalk(context);
    if (share) return yield* walk.visitShare(share);
    context.frontier.lines ??= () => [anything(context)];
    if (progress.exits === 0) {
      // A good front at once, and against good plans the bounds bite early; the best plan of few exits is found as soon without.
      if (goal === "front" || space.maxExits > 3)
        yield* atMost(SEED_SHARE[goal] * countPlans(space, grid), seed(context));
      yield* walk.visitShort();
      progress.finishAll(Math.min(2, space.maxExits));
    }
    yield* walk.visitLong();
    context.frontier.lines = () => [];
  },
});

/** Lets another search ask for so many plans; what it finds is in the target before the walk goes on. */
function* atMost(plans: number, search: Asking): Asking {
  let told = 0;
  for (let next = search.next(); !next.done && told < plans; ) {
    const result = yield next.value;
    told += result.rows * result.columns;
    next = search.next(result);
  }
}

/** Local search until it knows all neighbours of its front. */
function* seed(context: SearchContext): Asking {
  const front = createLabelFront(context.space, context.grid);
  yield* improveCorners(context, front);
  yield* improveAll(context, front);
}

/** The bound before anything is known: everybody right, out the cheapest way. */
function anything({ space }: SearchContext): BoundLine {
  const ways = space.candidates.map(({ prefixMs, headMs }) => prefixMs + headMs);
  return {
    right: space.samples,
    latencyMs: Math.min(space.backboneMs, ...ways),
    stepMs: 0,
    lastRight: space.samples,
  };
}

/** A node to visit, and what its continuations may attain, by their next exit. */
interface Branch {
  readonly child: Prefix;
  readonly lines: ReadonlyMap<number, BoundLine>;
}

function createWalk(context: SearchContext) {
  const { space, grid, useCase, goal, target, frontier, progress } = context;
  const { candidates } = space;
  const maxBytes = mostBytes(space, useCase);
  const boundMidway = createBound(context, true);
  const boundAtLast = createBound(context, false);
  const all = [...candidates.keys()];
  const behind = candidates.map(({ position }) => all.filter((c) => candidates[c].position > position));
  const root = emptyPrefix(space);
  // A price makes one sum of accuracy and mean latency, near the one plan that is wanted.
  const priced =
    goal === "best" && useCase.latency === "mean" ? createPricedWalk(context, behind) : undefined;

  /** The candidates that may follow a prefix: behind its last exit, with a head that still fits. */
  function followers({ exits, bytes }: Prefix): number[] {
    const later = exits.length > 0 ? behind[exits[exits.length - 1].candidate] : all;
    return later.filter((c) => bytes + candidates[c].headBytes <= maxBytes);
  }

  /** Asks for all plans that are one exit longer; returns what they leave to later exits, by candidate. */
  function* sweepNext(prefix: Prefix, next: readonly number[]): Asking<Map<number, Outlook>> {
    const outlooks = new Map<number, Outlook>();
    for (const f of next) {
      const levels = grid[f].length;
      const { outlook } = yield { prefix: prefix.exits, candidate: f, fromLevel: 0, toLevel: levels };
      if (outlook) outlooks.set(f, copyOutlook(outlook, levels));
    }
    return outlooks;
  }

  /** Asks for all plans of up to `maxExits` exits that continue the prefix with one of the `next`. */
  function* visit(prefix: Prefix, next: readonly number[], maxExits: number): Asking {
    const exitsLeft = maxExits - prefix.exits.length - 1;
    if (next.length === 0 || exitsLeft < 0) return;
    const outlooks = yield* sweepNext(
      prefix,
      followers(prefix).filter((c) => c >= next[0]),
    );
    for (const f of next) {
      if (exitsLeft === 1) yield* sweepLastTwo(prefix, f, outlooks);
      if (exitsLeft > 1)
        for (const branch of branches(prefix, f, outlooks, exitsLeft)) yield* visitBranch(branch, maxExits);
    }
  }

  /** Asks for all plans of one and two exits. */
  function visitShort(): Asking {
    return visit(root, followers(root), Math.min(2, space.maxExits));
  }

  /** A branch per level of these first exits. */
  function* firstBranches(of: readonly number[]): Asking<Branch[]> {
    const outlooks = yield* sweepNext(root, followers(root));
    return of.flatMap((f) => branches(root, f, outlooks, space.maxExits - 1));
  }

  /**
   * Asks for all plans of more than two exits that have not been seen: those of three first, then of one more at a
   * time, as each pass costs little beside the next and leaves it better plans to prune with. Each pass starts with
   * the first exits that promise most, so that the gap closes from its widest side.
   */
  function* visitLong(): Asking {
    if (space.maxExits < 3) return;
    const all = (yield* firstBranches(followers(root)))
      .map((branch) => ({ ...branch, promise: target.gap([...branch.lines.values()]) }))
      .sort((a, b) => b.promise - a.promise);
    const isSeen = (branch: Branch) =>
      progress.exits + 1 === space.maxExits && progress.isDone(partOf(branch));
    const parts = distinct(all.map(partOf));
    frontier.parts = parts;
    frontier.lines = () =>
      progress.exits < space.maxExits
        ? all.flatMap((branch) => (isSeen(branch) ? [] : [...branch.lines.values()]))
        : [];
    while (progress.exits < space.maxExits) {
      const open = parts.filter((part) => !progress.isDone(part));
      yield* visitShare({ exits: progress.exits + 1, parts: open });
      progress.finishAll(progress.exits + 1);
    }
  }

  /** Asks for all plans of a share of a search. */
  function* visitShare({ exits, parts }: SearchShare): Asking {
    if (priced) {
      frontier.priceMs ??= yield* findPrice(context);
      for (const part of parts) {
        yield* priced.visit(part.candidate, exits, frontier.priceMs);
        progress.finish(part);
      }
      return;
    }
    const of = new Set(parts.map(({ candidate }) => candidate));
    const byPart = new Map(
      (yield* firstBranches([...of])).map((branch) => [partKey(partOf(branch)), branch]),
    );
    for (const part of parts) {
      const branch = byPart.get(partKey(part));
      if (branch) yield* visitBranch(branch, exits);
      progress.finish(part);
    }
  }

  /** What is searched in one go and noted as done: with a price all levels of a first exit, as bounds go from one to the next. */
  function partOf({ child }: Branch): SearchPart {
    const { candidate, level } = child.exits[0];
    return priced ? { candidate } : { candidate, level };
  }

  function* visitBranch({ child, lines }: Branch, maxExits: number): Asking {
    const hopeful = [...lines].filter(([, line]) => !target.beats(line));
    yield* visit(
      child,
      hopeful.map(([next]) => next),
      maxExits,
    );
  }

  /** A branch per level of the exit `f`, with bounds over whatever `exitsLeft` exits may follow. */
  function branches(
    prefix: Prefix,
    f: number,
    outlooks: ReadonlyMap<number, Outlook>,
    exitsLeft: number,
  ): Branch[] {
    const outlook = outlooks.get(f)!;
    const rescued = mostRescued(
      behind[f].flatMap((g) => outlooks.get(g) ?? []),
      exitsLeft,
    );
    return busyLevels(prefix, outlook).map((level) => {
      const child = extend(space, prefix, { candidate: f, level }, outlook);
      const inTheEnd = Math.min(outlook.reachable[level], outlook.backboneRight[level] + rescued);
      const lines = followers(child).map((g): [number, BoundLine] => {
        const atNext = rightAtNext(prefix, outlook, outlooks.get(g)!, level);
        return [g, boundMidway(child, g, { atNext, inTheEnd })];
      });
      return { child, lines: new Map(lines) };
    });
  }

  function* sweepLastTwo(prefix: Prefix, f: number, outlooks: ReadonlyMap<number, Outlook>): Asking {
    const outlook = outlooks.get(f)!;
    const children = busyLevels(prefix, outlook).map((level) => ({
      level,
      child: extend(space, prefix, { candidate: f, level }, outlook),
    }));
    if (children.length === 0) return;
    for (const g of followers(children[0].child)) {
      const next = outlooks.get(g)!;
      const rescued = mostRescued([next], 1);
      const hopeful = children.filter(({ child, level }) => {
        const atNext = rightAtNext(prefix, outlook, next, level);
        const inTheEnd = Math.min(outlook.reachable[level], outlook.backboneRight[level] + rescued);
        return !target.beats(boundAtLast(child, g, { atNext, inTheEnd }));
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

  return { visitShort, visitLong, visitShare };
}

/** Parts without those that came before. */
function distinct(parts: readonly SearchPart[]): SearchPart[] {
  return [...new Map(parts.map((part) => [partKey(part), part])).values()];
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

/** How many samples that the backbone gets wrong are right at one of so many of these exits, at the most. */
function mostRescued(outlooks: readonly Outlook[], exits: number): number {
  const rescued = outlooks.map((outlook) => outlook.rescued[outlook.rescued.length - 1]);
  rescued.sort((a, b) => b - a);
  return rescued.slice(0, exits).reduce((sum, samples) => sum + samples, 0);
}

function copyOutlook(outlook: Outlook, rows: number): Outlook {
  return {
    remaining: outlook.remaining.slice(0, rows),
    rightSoFar: outlook.rightSoFar.slice(0, rows),
    backboneRight: outlook.backboneRight.slice(0, rows),
    reachable: outlook.reachable.slice(0, rows),
    easyLeft: outlook.easyLeft.slice(0, rows),
    rescued: outlook.rescued.slice(0, rows),
  };
}
