import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import { type CutSpace, spaceUnderCut } from "../../../shared/offload/cut-space.ts";
import type { PlacedPlan } from "../../../shared/search/engine/front-point.ts";
import { type Recommendation, recommend } from "../../../shared/search/engine/recommend.ts";

/** The plan of a front that the use case calls for, each judged under its own cut. */
export function recommendUnderCut(
  spaces: readonly CutSpace[],
  front: readonly PlacedPlan[],
  useCase: UseCase,
): Recommendation {
  return recommend(spaces[0].space, front, useCase, ({ exits, cut }) =>
    evaluatePlan(spaceUnderCut(spaces, cut).space, exits),
  );
}
