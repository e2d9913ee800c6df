import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import { atPoint } from "../../../shared/model/operating-points.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { planSpace } from "../../../shared/offload/partition-space.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import type { Design } from "../export/design.ts";
import type { OperatingPoint, PointPrediction } from "../export/operating-points.ts";
import type { Project } from "../project/project.ts";
import { choiceInputs } from "../search/search-inputs.ts";

/**
 * Operating points with what they are predicted to take, and the same of the plan's own thresholds; without a profile nothing is.
 * @throws AppError 'file-invalid' if the profile has no latencies of the plan's networks or exits
 */
export function predictPoints(
  project: Project,
  profile: Profile | undefined,
  plan: Plan,
  points: readonly OperatingPoint[],
): Pick<Design, "points" | "predicted"> {
  if (!profile) return { points };
  const { space } = planSpace(choiceInputs(project, profile), { chain: plan.chain });
  const predict = (thresholds: readonly number[]): PointPrediction => {
    const { exits } = atPoint(plan, thresholds);
    const { accuracy, exitRates, latencyMs } = evaluatePlan(space, fromPlanExits(space, exits));
    return { accuracy, exitRates, latencyMs };
  };
  return {
    points: points.map((point) => ({ ...point, predicted: predict(point.thresholds) })),
    predicted: predict(plan.exits.map(({ threshold }) => threshold)),
  };
}
