import { outputHead } from "../../model/plan.ts";
import { expandWeights } from "../../space/expand-weights.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import { type ThresholdGrid, thresholdGrid } from "../../space/threshold-grid.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";
import { networkEnds } from "./without-idle-networks.ts";

/** At so many levels an output is looked at, of one network and of two before the last. */
const levelsTried = [16, 6];

/**
 * Whole networks one behind the other, each but the last left by whoever is sure at its output, at some levels of the
 * grid: one plan where there is one network. They cost some passes over the samples, and tell what a chain is good for.
 */
export function plansWithoutHeads(space: SearchSpace): ThresholdedExit[][] {
  const ends = networkEnds(space);
  // The plain output first: plans of a policy more would be as many again, and tell little more.
  const outputs = ends.map((end) =>
    space.candidates.findIndex(({ position, head }) => position === end && head === outputHead),
  );
  if (outputs.length > space.maxExits) return [];
  const some = outputs.map((output) => space.candidates[output]);
  const grid = thresholdGrid(expandWeights({ ...space, candidates: some }));
  return outputs.reduce<ThresholdedExit[][]>(
    (plans, candidate, k) =>
      plans.flatMap((plan) =>
        someLevels(grid, k, outputs.length).map((threshold) => [...plan, { candidate, threshold }]),
      ),
    [[]],
  );
}

function someLevels(grid: ThresholdGrid, output: number, outputs: number): number[] {
  const levels = grid[output];
  const step = Math.max(1, Math.ceil(levels.length / levelsTried[outputs - 1]));
  return [...levels].filter((_, level) => level % step === 0);
}
