import { outputHead } from "../../model/plan.ts";
import { expandWeights } from "../../space/expand-weights.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import { thresholdGrid, thresholdLevels } from "../../space/threshold-grid.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";
import { networkEnds } from "./without-idle-networks.ts";

/** At so many levels of the grid each output is looked at of two networks before the last. */
const levelsTried = 6;

/**
 * Whole networks one behind the other, each but the last left by whoever is sure at its output: one plan where there is one
 * network; of two all that no other such plan beats, at any threshold whether it is on the grid or not, so that no front is ever
 * below a chain of two; of three some. They cost some passes over the samples, and tell what a chain is good for.
 */
export function plansWithoutHeads(space: SearchSpace): ThresholdedExit[][] {
  const outputs = networkEnds(space).map((end) =>
    space.candidates.flatMap(({ position, head }, candidate) =>
      position === end && head === outputHead ? [candidate] : [],
    ),
  );
  if (outputs.length > space.maxExits) return [];
  if (outputs.length === 1) return outputs[0].flatMap((output) => plansOfTwo(space, output));
  // The plain output first: plans of a policy more would be as many again, and tell little more.
  return plansOnGrid(
    space,
    outputs.map(([plain]) => plain),
  );
}

/** Whoever leaves at the output saves the last network, so plans are beaten where more leave and as many are right. */
function plansOfTwo(space: SearchSpace, output: number): ThresholdedExit[][] {
  const { samples, weights, backboneCorrect } = space;
  const { confidence, correct } = space.candidates[output];
  const gainOf = (sample: number) =>
    (weights?.counts[sample] ?? 1) * (correct[sample] - backboneCorrect[sample]);
  const leastSure = Uint32Array.from({ length: samples }, (_, sample) => sample).sort(
    (one, other) => confidence[one] - confidence[other],
  );
  const plans: ThresholdedExit[][] = [];
  // Against all leaving, who are the more the lower the threshold.
  let gained = 0;
  let most = Number.NEGATIVE_INFINITY;
  let stay = 0;
  for (const threshold of thresholdLevels(confidence, samples).reverse()) {
    while (confidence[leastSure[stay]] < threshold) gained -= gainOf(leastSure[stay++]);
    if (gained <= most) continue;
    most = gained;
    plans.push([{ candidate: output, threshold }]);
  }
  return plans;
}

/** Some levels at each output, in all combinations. */
function plansOnGrid(space: SearchSpace, outputs: readonly number[]): ThresholdedExit[][] {
  const candidates = outputs.map((output) => space.candidates[output]);
  const grid = thresholdGrid(expandWeights({ ...space, candidates }));
  return outputs.reduce<ThresholdedExit[][]>(
    (plans, candidate, k) =>
      plans.flatMap((plan) => someOf(grid[k]).map((threshold) => [...plan, { candidate, threshold }])),
    [[]],
  );
}

function someOf(levels: Float32Array): number[] {
  const step = Math.max(1, Math.ceil(levels.length / levelsTried));
  return [...levels].filter((_, level) => level % step === 0);
}
