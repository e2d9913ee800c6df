import type { BoundCounts, TwoExitSweep } from "../../evaluate/sweep.ts";
import { maxPlanBytes } from "../../space/search-space.ts";
import type { SearchContext } from "../engine/search-algorithm.ts";
import type { BoundLine } from "../engine/search-target.ts";
import { createBound, emptyPrefix, extend, type MaxRight, type Prefix } from "./exact-bounds.ts";

/** A candidate behind a prefix, and what its levels leave to later exits. */
export interface SweptExit {
  readonly candidate: number;
  readonly counts: BoundCounts;
}

/** A node to visit, and upper bounds on what its continuations may attain, by their next exit. */
export interface Branch {
  readonly child: Prefix;
  readonly lines: ReadonlyMap<number, BoundLine>;
}

/** The tree of all plans: a node is a prefix, and each exit at a level that may follow leads to a child. */
export interface PlanTree {
  readonly root: Prefix;
  /** Candidates at later positions, per candidate. */
  readonly behind: readonly (readonly number[])[];
  /** The candidates that may follow a prefix: behind its last exit, with a head that still fits. */
  followers(prefix: Prefix): number[];
  /**
   * A branch per level of an exit, with bounds over whatever `exitsLeft` exits may follow.
   * @param swept all that may follow the prefix from this exit on
   */
  branches(prefix: Prefix, exit: SweptExit, swept: readonly SweptExit[], exitsLeft: number): Branch[];
  /** The plans that end with an exit and one more, where the bounds allow that the target is reached when it is asked for. */
  lastTwoSweeps(prefix: Prefix, exit: SweptExit, swept: readonly SweptExit[]): Iterable<TwoExitSweep>;
}

export function createPlanTree(context: SearchContext): PlanTree {
  const { space, useCase, target } = context;
  const { candidates } = space;
  const maxBytes = maxPlanBytes(space, useCase);
  const boundMidway = createBound(context, true);
  const boundAtLast = createBound(context, false);
  const all = [...candidates.keys()];
  const behind = candidates.map(({ position }) => all.filter((c) => candidates[c].position > position));

  function followers({ exits, bytes }: Prefix): number[] {
    const later = exits.length > 0 ? behind[exits[exits.length - 1].candidate] : all;
    return later.filter((c) => bytes + candidates[c].headBytes <= maxBytes);
  }

  function sweptBehind({ candidate }: SweptExit, swept: readonly SweptExit[]): SweptExit[] {
    return swept.filter((later) => candidates[later.candidate].position > candidates[candidate].position);
  }

  function fitsBehind(child: Prefix, { candidate }: SweptExit): boolean {
    return child.bytes + candidates[candidate].headBytes <= maxBytes;
  }

  function children(prefix: Prefix, { candidate, counts }: SweptExit) {
    return busyLevels(prefix, counts).map((level) => ({
      level,
      child: extend(space, prefix, { candidate, level }, counts),
    }));
  }

  function branches(
    prefix: Prefix,
    exit: SweptExit,
    swept: readonly SweptExit[],
    exitsLeft: number,
  ): Branch[] {
    const later = sweptBehind(exit, swept);
    const rescued = maxRescued(later, exitsLeft);
    return children(prefix, exit).map(({ level, child }) => {
      const lines = later
        .filter((next) => fitsBehind(child, next))
        .map((next): [number, BoundLine] => {
          const max = maxRight(prefix, exit.counts, next.counts, level, rescued);
          return [next.candidate, boundMidway(child, next.candidate, max)];
        });
      return { child, lines: new Map(lines) };
    });
  }

  function* lastTwoSweeps(
    prefix: Prefix,
    exit: SweptExit,
    swept: readonly SweptExit[],
  ): Generator<TwoExitSweep, void> {
    const levels = children(prefix, exit);
    if (levels.length === 0) return;
    for (const next of sweptBehind(exit, swept)) {
      if (!fitsBehind(levels[0].child, next)) continue;
      const rescued = maxRescued([next], 1);
      const open = levels.filter(({ child, level }) => {
        const max = maxRight(prefix, exit.counts, next.counts, level, rescued);
        return !target.beats(boundAtLast(child, next.candidate, max));
      });
      if (open.length === 0) continue;
      yield {
        kind: "two-exits",
        prefix: prefix.exits,
        candidate: exit.candidate,
        fromLevel: open[0].level,
        toLevel: open[open.length - 1].level + 1,
        nextCandidate: next.candidate,
      };
    }
  }

  return { root: emptyPrefix(space), behind, followers, branches, lastTwoSweeps };
}

/**
 * Levels at which the exit makes a difference. Where nobody leaves, the plan without the exit is as accurate
 * and no slower; where nobody stays, no later exit matters; equal levels give equal plans.
 */
function busyLevels(prefix: Prefix, { remaining }: BoundCounts): number[] {
  const levels = [...remaining.keys()];
  return levels.filter((level) => {
    const before = level === 0 ? prefix.remaining : remaining[level - 1];
    return remaining[level] > 0 && remaining[level] < before;
  });
}

/** What the continuations behind a level of an exit get right at most, `next` being the exit behind it. */
function maxRight(
  prefix: Prefix,
  counts: BoundCounts,
  next: BoundCounts,
  level: number,
  rescued: number,
): MaxRight {
  const rightOfAll = next.rightSoFar[next.rightSoFar.length - 1] - prefix.right;
  return {
    atNext: Math.min(counts.remaining[level], rightOfAll - counts.easyLeft[level]),
    inTheEnd: Math.min(counts.reachable[level], counts.backboneRight[level] + rescued),
  };
}

/** How many samples that the backbone gets wrong are right at one of so many of these exits, at the most. */
function maxRescued(swept: readonly SweptExit[], exits: number): number {
  const rescued = swept.map(({ counts }) => counts.rescued[counts.rescued.length - 1]);
  rescued.sort((a, b) => b - a);
  return rescued.slice(0, exits).reduce((sum, samples) => sum + samples, 0);
}
