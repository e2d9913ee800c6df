import { evaluatePlan } from "../../evaluate/evaluate-plan.ts";
import type { UseCase } from "../../model/use-case.ts";
import { type DesignSpace, spaceOfPlan } from "../../space/design-space.ts";
import type { PlacedPlan } from "../engine/front-point.ts";
import { type Recommendation, recommend } from "../engine/recommend.ts";

/** The plan of a front that the use case calls for, each judged in its own space. */
export function recommendAcrossSpaces<Plan extends PlacedPlan>(
  spaces: readonly DesignSpace[],
  front: readonly Plan[],
  useCase: UseCase,
): Recommendation<Plan> {
  return recommend(spaces[0].space, front, useCase, (plan) =>
    evaluatePlan(spaceOfPlan(spaces, plan).space, plan.exits),
  );
}
