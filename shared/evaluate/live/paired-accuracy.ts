import { weightedDifference } from "../../base/intervals.ts";
import {
  correctOfReference,
  effectiveSamples,
  type SearchSpace,
  totalWeight,
} from "../../space/search-space.ts";

/**
 * Accuracy of a plan minus the backbone's on the same samples, with its 95 % interval, percentage points.
 * @param correct of the plan, [samples], 1 right, 0 wrong
 */
export function pairedAccuracy(
  correct: Uint8Array,
  space: SearchSpace,
): { readonly differencePp: number; readonly halfWidthPp: number } {
  const { weights } = space;
  const reference = correctOfReference(space);
  let onlyPlan = 0;
  let onlyBackbone = 0;
  for (let sample = 0; sample < correct.length; sample++) {
    const difference = correct[sample] - reference[sample];
    const weight = weights ? weights.counts[sample] : 1;
    if (difference > 0) onlyPlan += weight;
    else if (difference < 0) onlyBackbone += weight;
  }
  const { difference, halfWidth } = weightedDifference(
    onlyPlan,
    onlyBackbone,
    totalWeight(space),
    effectiveSamples(space),
  );
  return { differencePp: 100 * difference, halfWidthPp: 100 * halfWidth };
}
