import type { SearchSpace } from "../../space/search-space.ts";
import type { ThresholdGrid } from "../../space/threshold-grid.ts";
import type { ProgressRecord } from "./search-progress.ts";

/** How many different plans the space holds, the backbone alone included. */
export function countPlans(space: SearchSpace, grid: ThresholdGrid): number {
  return 1 + plansByFirst(space, grid).reduce((sum, plans) => sum + total(plans), 0);
}

/** How many plans of a space a search has done with that goes through them part by part, looked at or ruled out. */
export function createSettledCount(
  space: SearchSpace,
  grid: ThresholdGrid,
): (progress: ProgressRecord) => number {
  const plans = plansByFirst(space, grid);
  return ({ exits, done }) => {
    let settled = 1;
    for (const shorter of plans.slice(0, exits)) settled += total(shorter);
    if (exits >= plans.length) return settled;
    for (const { candidate, level } of done)
      settled += plans[exits][candidate] / (level === undefined ? 1 : grid[candidate].length);
    return settled;
  };
}

/** Plans by how many exits they have, from one on, and the candidate that comes first [maxExits][candidates]. */
function plansByFirst({ candidates, maxExits }: SearchSpace, grid: ThresholdGrid): Float64Array[] {
  const plans: Float64Array[] = [];
  for (let exits = 1; exits <= maxExits; exits++) {
    const shorter = plans[exits - 2];
    const own = new Float64Array(candidates.length);
    // From the last candidate to the first: those of its position count once the position is left.
    let behind = shorter ? 0 : 1;
    let here = 0;
    for (let c = candidates.length - 1; c >= 0; c--) {
      if (c + 1 < candidates.length && candidates[c + 1].position !== candidates[c].position) {
        behind += here;
        here = 0;
      }
      own[c] = grid[c].length * behind;
      if (shorter) here += shorter[c];
    }
    plans.push(own);
  }
  return plans;
}

function total(plans: Float64Array): number {
  return plans.reduce((sum, count) => sum + count, 0);
}
