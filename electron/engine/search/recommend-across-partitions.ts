import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import { type PartitionSpace, spaceAtPartition } from "../../../shared/offload/partition-space.ts";
import type { PlacedPlan } from "../../../shared/search/engine/front-point.ts";
import { type Recommendation, recommend } from "../../../shared/search/engine/recommend.ts";

/** The plan of a front that the use case calls for, each judged at its own partition. */
export function recommendAcrossPartitions(
  spaces: readonly PartitionSpace[],
  front: readonly PlacedPlan[],
  useCase: UseCase,
): Recommendation {
  return recommend(spaces[0].space, front, useCase, ({ exits, cut }) =>
    evaluatePlan(spaceAtPartition(spaces, cut).space, exits),
  );
}
