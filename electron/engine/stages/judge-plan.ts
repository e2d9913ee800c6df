import type { FrontFile } from "../../../shared/files/front-file.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import { planSpace } from "../../../shared/offload/partition-space.ts";
import { recommend } from "../../../shared/search/engine/recommend.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import { referenceAccuracy } from "../../../shared/space/reference-point.ts";
import { correctOfReference } from "../../../shared/space/search-space.ts";
import type { Project } from "../project/project.ts";
import { choiceInputs } from "../search/search-inputs.ts";
import type { PlanInUse } from "./verify-stage.ts";

/** A plan as a search would report it, and what its drop is measured from. */
export interface JudgedPlan {
  readonly recommended: FrontFile["recommended"];
  /** On the samples that plans are chosen on (0-1). */
  readonly backboneAccuracy: number;
}

/**
 * What any plan costs and delivers on the samples that plans are chosen on, and whether it meets a use case: the same as a search reports
 * for the plan that it recommends.
 * @param seen as the plan's exits see project and profile, if they answer as ensembles: the backbone that its drop is measured from
 *   answers alone
 * @throws AppError 'file-invalid' if the plan's exits are not the project's
 */
export function judgePlan(
  project: Project,
  profile: Profile,
  plan: Plan,
  useCase: UseCase,
  seen: Pick<PlanInUse, "project" | "profile"> = { project, profile },
): JudgedPlan {
  const spaceOf = (used: typeof seen) => {
    const inputs = { ...choiceInputs(used.project, used.profile), classWeights: useCase.classWeights };
    return planSpace(inputs, { chain: plan.chain }).space;
  };
  const space = { ...spaceOf(seen), referenceCorrect: correctOfReference(spaceOf({ project, profile })) };
  const exits = fromPlanExits(space, plan.exits);
  const { figures, feasible, misses } = recommend(space, [{ exits }], useCase);
  return {
    recommended: { exits: plan.exits, figures, feasible, misses: [...misses], chain: plan.chain },
    backboneAccuracy: referenceAccuracy(space),
  };
}
