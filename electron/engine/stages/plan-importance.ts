import { figuresOf } from "../../../shared/evaluate/live/place-exits.ts";
import type { PartitionedPlan } from "../../../shared/model/plan.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import { evaluationSpaces } from "../../../shared/offload/partition-space.ts";
import { type ExitImportance, exitImportance } from "../../../shared/presentation/plans/exit-importance.ts";
import { findSpace } from "../../../shared/space/design-space.ts";
import type { SearchInputs } from "../search/search-inputs.ts";

/** What each exit of a plan brings, on the samples and targets that it was chosen on; empty if the plan doesn't fit them. */
export function planImportance(
  inputs: SearchInputs,
  plan: PartitionedPlan,
  { classWeights }: Pick<UseCase, "classWeights">,
): ExitImportance[] {
  if (plan.exits.length === 0) return [];
  const spaces = evaluationSpaces({ ...inputs, classWeights }, inputs.offload);
  const known = (own: PartitionedPlan) => {
    const on = findSpace(spaces, own);
    return on ? figuresOf(on.space, own.exits) : null;
  };
  const figures = known(plan);
  return figures ? exitImportance(plan, figures, known, inputs.backboneSha256) : [];
}
