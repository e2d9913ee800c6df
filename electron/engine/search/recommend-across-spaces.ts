import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import type { PlacedPlan } from "../../../shared/search/engine/front-point.ts";
import { type Recommendation, recommend } from "../../../shared/search/engine/recommend.ts";
import { type DesignSpace, spaceOfPlan } from "../../../shared/space/design-space.ts";

/** The plan of a front that the use case calls for, each judged in its own space. */
export function recommendAcrossSpaces(
  spaces: readonly DesignSpace[],
  front: readonly PlacedPlan[],
  useCase: UseCase,
): Recommendation {
  return recommend(spaces[0].space, front, useCase, (plan) =>
    evaluatePlan(spaceOfPlan(spaces, plan).space, plan.exits),
  );
}
