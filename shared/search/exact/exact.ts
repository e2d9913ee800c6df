import { z } from "zod";
import { countPlans } from "../engine/count-plans.ts";
import { type Asking, defineAlgorithm, type SearchContext } from "../engine/search-algorithm.ts";
import { partKey, type SearchPart } from "../engine/search-progress.ts";
import type { BoundLine } from "../engine/search-target.ts";
import { createLocalArchive } from "../local/local-archive.ts";
import { improveAll, improveCorners } from "../local/pareto-local-search.ts";
import { createPartWalk, type PartWalk } from "./part-walk.ts";
import { createPlanTree, type PlanTree } from "./plan-tree.ts";
import { createTreeWalk, type TreeWalk } from "./tree-walk.ts";

/** Local search before the proof begins may ask for no more than this share of all plans, a small part of a proof's time. */
const SEED_SHARE = { front: 0.0007, best: 0.0001 } as const;

/**
 * Branch and bound: all placements and thresholds, depth-first, without what cannot reach the target: the front, or
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
    const { space, grid, goal, progress, share, frontier } = context;
    const tree = createPlanTree(context);
    const walk = createTreeWalk(context, tree);
    const parts = createPartWalk(context, tree, walk);
    if (share) return yield* parts.visit(share);
    frontier.lines ??= () => [anything(context)];
    if (progress.exits === 0) {
      const short = Math.min(2, space.maxExits);
      // A good front at once, and against good plans the bounds bite early; the best plan of few exits is found as soon without.
      if (goal === "front" || space.maxExits > 3)
        yield* atMost(SEED_SHARE[goal] * countPlans(space, grid), seed(context));
      yield* walk.visitAll(short);
      progress.finishAll(short);
    }
    if (space.maxExits > 2) yield* visitLong(context, tree, walk, parts);
    frontier.lines = () => [];
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
  const archive = createLocalArchive(context.space, context.grid);
  yield* improveCorners(context, archive);
  yield* improveAll(context, archive);
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

/**
 * Asks for all plans of more than two exits that have not been seen: those of three first, then of one more at a
 * time, as each pass costs little beside the next and leaves it better plans to prune with. Each pass starts with
 * the first exits of the largest upper bound, so that the gap closes from its widest side.
 */
function* visitLong(
  { space: { maxExits }, target, frontier, progress }: SearchContext,
  { root, followers }: PlanTree,
  walk: TreeWalk,
  { partOf, visit }: PartWalk,
): Asking {
  const all = (yield* walk.firstBranches(new Set(followers(root))))
    .map((branch) => ({ branch, part: partOf(branch), maxGain: target.gap([...branch.lines.values()]) }))
    .sort((a, b) => b.maxGain - a.maxGain);
  const isSeen = (part: SearchPart) => progress.exits + 1 === maxExits && progress.isDone(part);
  const parts = distinct(all.map(({ part }) => part));
  frontier.parts = parts;
  frontier.lines = () =>
    progress.exits < maxExits
      ? all.flatMap(({ branch, part }) => (isSeen(part) ? [] : [...branch.lines.values()]))
      : [];
  while (progress.exits < maxExits) {
    const open = parts.filter((part) => !progress.isDone(part));
    yield* visit({ exits: progress.exits + 1, parts: open });
    progress.finishAll(progress.exits + 1);
  }
}

/** Parts without those that came before. */
function distinct(parts: readonly SearchPart[]): SearchPart[] {
  return [...new Map(parts.map((part) => [partKey(part), part])).values()];
}
