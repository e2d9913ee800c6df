import { budgetField, ROUNDING, shortfall, withDefaultDrop } from "../../model/constraints.ts";
import type { UseCase } from "../../model/use-case.ts";

/** A use case in the units of a search. */
export interface ConstraintLimits {
  /** Right samples that a plan needs at least; more than there are if no plan can do. */
  readonly minRight: number;
  /** Every cost below meets the budget of what the front counts, ms or mJ. */
  readonly belowMs: number;
  /** Whether the fastest plan is wanted; otherwise the most accurate. */
  readonly wantsAccuracy: boolean;
}

/** What `chooseForUseCase` asks of accuracy and what the front counts. */
export function constraintLimits(
  useCase: UseCase,
  samples: number,
  backboneAccuracy: number,
): ConstraintLimits {
  const { minAccuracy, maxDropPp, [budgetField(useCase)]: budget } = withDefaultDrop(useCase);
  const floors = [
    ...(minAccuracy === undefined ? [] : [minAccuracy]),
    ...(maxDropPp === undefined ? [] : [backboneAccuracy - maxDropPp / 100]),
  ];
  const keeps = (right: number) => floors.every((floor) => shortfall(right / samples, floor) <= ROUNDING);
  let minRight = 0;
  while (minRight <= samples && !keeps(minRight)) minRight++;
  return {
    minRight,
    belowMs: budget === undefined ? Number.POSITIVE_INFINITY : budget * (1 + ROUNDING),
    wantsAccuracy: floors.length > 0,
  };
}
