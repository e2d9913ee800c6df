import type { PlanFigures } from "../../model/plan.ts";
import { correctOfReference, type SearchSpace } from "../../space/search-space.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";
import type { Routing } from "../evaluate-plan.ts";
import type { LiveEvaluator } from "./live-evaluator.ts";

/** What one exit of a plan does, and what the plan would be without it. Counts of samples. */
export interface ExitEffect {
  readonly reaches: number;
  readonly leaves: number;
  /** Of those that leave: right here, right had the backbone answered, right had they continued through the plan. */
  readonly rightHere: number;
  readonly rightOfBackbone: number;
  readonly rightGoingOn: number;
  readonly without: PlanFigures;
}

/**
 * @param routing of the plan
 * @param index which of the plan's exits
 * @param evaluator of the same space, but not the one that `routing` belongs to
 */
export function exitEffect(
  space: SearchSpace,
  exits: readonly ThresholdedExit[],
  routing: Routing,
  index: number,
  evaluator: LiveEvaluator,
): ExitEffect {
  const without = evaluator.evaluate(exits.filter((_, other) => other !== index));
  const goneOn = evaluator.routing.correct;
  const { exit, correct } = routing;
  const reference = correctOfReference(space);
  const effect = { reaches: 0, leaves: 0, rightHere: 0, rightOfBackbone: 0, rightGoingOn: 0 };
  for (let sample = 0; sample < space.samples; sample++) {
    if (exit[sample] < index) continue;
    effect.reaches++;
    if (exit[sample] > index) continue;
    effect.leaves++;
    effect.rightHere += correct[sample];
    effect.rightOfBackbone += reference[sample];
    effect.rightGoingOn += goneOn[sample];
  }
  return { ...effect, without };
}
