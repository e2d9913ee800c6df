import type { SearchSpace } from "../search-space.ts";
import { thresholdGrid } from "../threshold-grid.ts";
import type { ThresholdedExit } from "../thresholded-exit.ts";

/** Every plan of the space, one after the other: what searches are held against in tests. */
export function* allPlans(space: SearchSpace, grid = thresholdGrid(space)): Generator<ThresholdedExit[]> {
  function* longer(plan: ThresholdedExit[], position: number): Generator<ThresholdedExit[]> {
    yield plan;
    if (plan.length === space.maxExits) return;
    for (const [candidate, { position: at }] of space.candidates.entries()) {
      if (at <= position) continue;
      for (const threshold of grid[candidate]) yield* longer([...plan, { candidate, threshold }], at);
    }
  }
  yield* longer([], -1);
}
