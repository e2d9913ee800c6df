import { AppError } from "../../../shared/base/errors.ts";
import { silentJob } from "../../../shared/base/job.ts";
import { planFile } from "../../../shared/files/plan-file.ts";
import type { ChosenPlan, Plan, PlanExit } from "../../../shared/model/plan.ts";
import { tableRow } from "../../../shared/space/calibrated-exits.ts";
import { exitPolicyById } from "../policies/index.ts";
import { addProjectPolicies } from "./add-policies.ts";
import { networkOf, type Project } from "./project.ts";

/** Offsets come in steps of 1/1024, so thresholds of another calibration differ by far more than rounding does. */
const rounding = 1e-6;

/** A project that is calibrated for all of a plan's policies. */
export function projectForPlan<Own extends Project>(project: Own, { exits }: Plan): Promise<Own> {
  const policies = exits.map(({ policy }) => exitPolicyById(policy));
  return addProjectPolicies(project, policies, silentJob);
}

/** A plan for the project's networks as files have it. @throws AppError 'file-invalid' if one isn't there */
export function planOf(project: Project, plan: ChosenPlan): Plan {
  const offsetsOf = (exit: PlanExit) => {
    const { heads, classOffsets } = networkOf(project, exit.member);
    return classOffsets.get(exit.policy)?.[tableRow(heads, exit)];
  };
  return planFile(project.backbone.summary.sha256, plan, offsetsOf);
}

/**
 * The plan with its thresholds per class in terms of the base policy, where it has any.
 * @throws AppError 'file-invalid' if it states others: it was made with another calibration
 */
export function stateThresholds(project: Project, plan: Plan): Plan {
  const { exits } = planOf(project, plan);
  for (const [index, { cutPoint, classThresholds }] of exits.entries()) {
    const stated = plan.exits[index].classThresholds;
    const isSame = (threshold: number, at: number) => Math.abs(threshold - stated![at]) < rounding;
    if (!stated || classThresholds?.every(isSame)) continue;
    throw new AppError(
      "file-invalid",
      `the plan's thresholds per class at '${cutPoint}' are not those of this project's calibration; ` +
        "it was made with another one",
      { missing: "plan" },
    );
  }
  return { ...plan, exits };
}
