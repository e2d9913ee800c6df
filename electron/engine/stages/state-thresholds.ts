import { AppError } from "../../../shared/base/errors.ts";
import { silentJob } from "../../../shared/base/job.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import { tableRow } from "../../../shared/space/calibrated-exits.ts";
import { statedExits } from "../../../shared/space/plan-exits.ts";
import { exitPolicyById } from "../policies/index.ts";
import { addPolicies } from "../project/add-policies.ts";
import type { Project } from "../project/project.ts";

/** Offsets come in steps of 1/1024, so thresholds of another calibration differ by far more than rounding does. */
const rounding = 1e-6;

/** A project that is calibrated for all of a plan's policies. */
export function projectForPlan<Own extends Project>(project: Own, { exits }: Plan): Promise<Own> {
  const policies = exits.map(({ policy }) => exitPolicyById(policy));
  return addPolicies(project, project.backbone.summary.output.classes, policies, silentJob);
}

/**
 * The plan with its thresholds per class in words of the base policy, where it has such.
 * @throws AppError 'file-invalid' if it states others: it was made with another calibration
 */
export function stateThresholds({ heads, classOffsets }: Project, plan: Plan): Plan {
  const exits = statedExits(plan.exits, (exit) => classOffsets.get(exit.policy)?.[tableRow(heads, exit)]);
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
