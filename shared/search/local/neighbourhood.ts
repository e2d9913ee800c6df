import { lastExitSweep, type PlacedExit, type Sweep } from "../../evaluate/sweep.ts";
import { maxPlanBytes, planBytes } from "../../space/search-space.ts";
import type { Placement } from "../engine/plan-variation.ts";
import type { SearchContext } from "../engine/search-algorithm.ts";

type Bounds = Pick<SearchContext, "space" | "grid" | "useCase">;

/** Sweeps of two exits are at most so many; of more candidates every second, third, … is taken. */
const MAX_PAIRS = 400;

/** All plans of one exit, and those of two among so many candidates that there aren't too many pairs. */
export function* pairSweeps({ space, grid, useCase }: Bounds): Generator<Sweep, void> {
  const { candidates, maxExits } = space;
  const maxBytes = maxPlanBytes(space, useCase);
  const fits = (chosen: readonly number[]) => planBytes(space, chosen) <= maxBytes;
  const all = [...candidates.keys()].filter((c) => fits([c]));
  const step = Math.ceil(all.length / Math.sqrt(2 * MAX_PAIRS));
  for (const [k, candidate] of all.entries()) {
    const sweep = lastExitSweep([], candidate, grid);
    yield sweep;
    for (let n = k + step; maxExits > 1 && k % step === 0 && n < all.length; n += step) {
      const isLater = candidates[all[n]].position > candidates[candidate].position;
      if (isLater && fits([candidate, all[n]])) yield { ...sweep, kind: "two-exits", nextCandidate: all[n] };
    }
  }
}

/**
 * All plans one change away from a plan, as sweeps: an exit at another level or another candidate in its place,
 * one exit more or one less, wherever the order along the backbone and the weights allow.
 */
export function* neighbourSweeps({ space, grid, useCase }: Bounds, plan: Placement): Generator<Sweep, void> {
  const { candidates } = space;
  const headBytes = (exit: PlacedExit | undefined) => (exit ? candidates[exit.candidate].headBytes : 0);
  const own = plan.map((exit) => exit.candidate);
  const bytesLeft = maxPlanBytes(space, useCase) - planBytes(space, own);
  // From the first exit to the last: whoever is under way to one has been on the way to those before.
  for (let at = 0; at <= plan.length; at++) {
    const prefix = plan.slice(0, at);
    const after = positionOf(plan[at - 1], Number.NEGATIVE_INFINITY);
    const here = positionOf(plan[at], Number.POSITIVE_INFINITY);
    const next = positionOf(plan[at + 1], Number.POSITIVE_INFINITY);
    for (const [candidate, { position, headBytes: bytes }] of candidates.entries()) {
      if (position <= after || position > next) continue;
      // In the place of this exit, and of the next one as well if it stands there.
      const replaced = position === next ? 2 : 1;
      const freed = headBytes(plan[at]) + (replaced > 1 ? headBytes(plan[at + 1]) : 0);
      if (at < plan.length && bytes <= bytesLeft + freed)
        yield exitSweep(prefix, candidate, plan.slice(at + replaced));
      if (position < here && plan.length < space.maxExits && bytes <= bytesLeft)
        yield exitSweep(prefix, candidate, plan.slice(at));
    }
  }
  // Without the last exit, which nothing stands behind that could take its place.
  if (plan.length > 1) {
    const { candidate } = plan[plan.length - 2];
    yield lastExitSweep(plan.slice(0, -2), candidate, grid);
  }

  /** A candidate at every level, before a suffix if there is one. */
  function exitSweep(prefix: Placement, candidate: number, suffix: Placement): Sweep {
    const sweep = lastExitSweep(prefix, candidate, grid);
    return suffix.length > 0 ? { ...sweep, kind: "midway", suffix } : sweep;
  }

  function positionOf(exit: PlacedExit | undefined, otherwise: number): number {
    return exit ? candidates[exit.candidate].position : otherwise;
  }
}
