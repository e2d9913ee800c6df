import type { WeightedAccuracy } from "../../model/weighted-accuracy.ts";
import { countRight } from "../../space/reference-point.ts";
import { correctOfReference, type SearchSpace } from "../../space/search-space.ts";
import { pairedAccuracy } from "./paired-accuracy.ts";

/**
 * What weighted figures are worth, and the accuracies with all samples alike; undefined where they are.
 * @param correct of the plan, [samples], 1 right, 0 wrong
 */
export function weightingOf(correct: Uint8Array, space: SearchSpace): WeightedAccuracy | undefined {
  if (!space.weights) return undefined;
  const { differencePp, halfWidthPp } = pairedAccuracy(correct, { ...space, weights: undefined });
  return {
    effectiveSamples: space.weights.effectiveSamples,
    unweighted: {
      backbone: countRight(correctOfReference(space)) / correct.length,
      plan: countRight(correct) / correct.length,
      accuracyDropPp: -differencePp,
      accuracyDropHalfWidthPp: halfWidthPp,
    },
  };
}
