import { type BoundCounts, lastExitSweep, resultOf } from "../../evaluate/sweep.ts";
import type { Asking, SearchContext } from "../engine/search-algorithm.ts";
import type { Prefix } from "./exact-bounds.ts";
import type { Branch, PlanTree, SweptExit } from "./plan-tree.ts";

/** Depth-first traversal of the tree of plans; a subtree is left out where the target beats its bounds. */
export interface TreeWalk {
  /** Asks for all plans of up to `maxExits` exits, at least one. */
  visitAll(maxExits: number): Asking;
  /** A branch per level of each of these candidates as first exit. */
  firstBranches(candidates: ReadonlySet<number>): Asking<Branch[]>;
  /** Asks for all plans of up to `maxExits` exits behind a branch. */
  visitBranch(branch: Branch, maxExits: number): Asking;
}

export function createTreeWalk({ space, grid, target }: SearchContext, tree: PlanTree): TreeWalk {
  /** Asks for all plans that are one exit longer; returns what they leave to later exits. */
  function* sweepNext(prefix: Prefix, next: readonly number[]): Asking<SweptExit[]> {
    const swept: SweptExit[] = [];
    for (const candidate of next) {
      const sweep = lastExitSweep(prefix.exits, candidate, grid);
      const { boundCounts } = resultOf("one-exit", yield sweep);
      swept.push({ candidate, counts: copyCounts(boundCounts, sweep.toLevel) });
    }
    return swept;
  }

  /** Asks for all plans of up to `maxExits` exits that continue the prefix with one of the `next`. */
  function* visit(prefix: Prefix, next: readonly number[], maxExits: number): Asking {
    const exitsLeft = maxExits - prefix.exits.length - 1;
    if (next.length === 0 || exitsLeft < 0) return;
    const swept = yield* sweepNext(
      prefix,
      tree.followers(prefix).filter((c) => c >= next[0]),
    );
    if (exitsLeft === 0) return;
    for (const exit of swept) {
      if (!next.includes(exit.candidate)) continue;
      if (exitsLeft === 1) yield* tree.lastTwoSweeps(prefix, exit, swept);
      else
        for (const branch of tree.branches(prefix, exit, swept, exitsLeft))
          yield* visitBranch(branch, maxExits);
    }
  }

  function* visitBranch({ child, lines }: Branch, maxExits: number): Asking {
    const open = [...lines].filter(([, line]) => !target.beats(line));
    yield* visit(
      child,
      open.map(([next]) => next),
      maxExits,
    );
  }

  function* firstBranches(candidates: ReadonlySet<number>): Asking<Branch[]> {
    const swept = yield* sweepNext(tree.root, tree.followers(tree.root));
    return swept
      .filter(({ candidate }) => candidates.has(candidate))
      .flatMap((exit) => tree.branches(tree.root, exit, swept, space.maxExits - 1));
  }

  const visitAll = (maxExits: number) => visit(tree.root, tree.followers(tree.root), maxExits);
  return { visitAll, firstBranches, visitBranch };
}

function copyCounts(counts: BoundCounts, rows: number): BoundCounts {
  return {
    remaining: counts.remaining.slice(0, rows),
    rightSoFar: counts.rightSoFar.slice(0, rows),
    backboneRight: counts.backboneRight.slice(0, rows),
    reachable: counts.reachable.slice(0, rows),
    easyLeft: counts.easyLeft.slice(0, rows),
    rescued: counts.rescued.slice(0, rows),
  };
}
