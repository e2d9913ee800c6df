import { createLiveEvaluator } from "../../evaluate/live/live-evaluator.ts";
import { reachingSamples } from "../../evaluate/live/reaching-samples.ts";
import type { UseCase } from "../../model/use-case.ts";
import { referenceAccuracy } from "../../space/reference-point.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";
import { chooseForUseCase } from "./recommend.ts";

/** Thresholds that are tried: enough to come within a few percent of the samples, few enough for a click. */
const steps = 40;

/**
 * The threshold of one exit with which a plan serves a use case best while its other exits stay as they are, see
 * {@link chooseForUseCase}.
 * @param exits rising by position, at least one sample reaches the one in question
 * @param index of the exit
 */
export function fitThreshold(
  space: SearchSpace,
  exits: readonly ThresholdedExit[],
  index: number,
  useCase: UseCase,
): number {
  const { confidence } = space.candidates[exits[index].candidate];
  const reaching = reachingSamples(space, exits.slice(0, index));
  const rising = Float32Array.from(reaching, (sample) => confidence[sample]).sort();
  if (rising.length === 0) return exits[index].threshold;
  const evaluator = createLiveEvaluator(space);
  const plans = quantiles(rising).map((threshold) => ({
    threshold,
    figures: evaluator.evaluate(
      exits.map((exit, other) => (other === index ? { ...exit, threshold } : exit)),
    ),
  }));
  return chooseForUseCase(plans, useCase, referenceAccuracy(space)).plan.threshold;
}

/** The strictest first: of equal plans it is the one that is chosen. */
function quantiles(rising: Float32Array): number[] {
  const count = Math.min(steps, rising.length);
  return Array.from({ length: count }, (_, step) => {
    const leaving = Math.max(1, Math.round((rising.length * (step + 1)) / count));
    return rising[rising.length - leaving];
  });
}
