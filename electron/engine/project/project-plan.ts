import { AppError } from "../../../shared/base/errors.ts";
import { silentJob } from "../../../shared/base/job.ts";
import { planFile } from "../../../shared/files/plan-file.ts";
import { relatives } from "../../../shared/model/families.ts";
import type { ChosenPlan, Plan, PlanExit } from "../../../shared/model/plan.ts";
import { tableRow } from "../../../shared/space/calibrated-exits.ts";
import { exitPolicyById } from "../policies/index.ts";
import { addProjectPolicies } from "./add-policies.ts";
import { networkNames, networkOf, type Project } from "./project.ts";

/** Offsets come in steps of 1/1024, so thresholds of another calibration differ by far more than rounding does. */
const rounding = 1e-6;

/**
 * A project that is calibrated for all of a plan's policies.
 * @throws AppError 'file-invalid' if the plan goes through a network and what was tuned from it, 'usage' if its exits answer as
 *   ensembles
 */
export async function projectForPlan<Own extends Project>(
  project: Own,
  { exits, chain = [], ensemble }: Plan,
): Promise<Own> {
  if (ensemble) throw noTable();
  checkFamilies(networkNames(project).filter(({ sha256 }) => chain.includes(sha256)));
  const policies = exits.map(({ policy }) => exitPolicyById(policy));
  return addProjectPolicies(project, policies, silentJob);
}

function noTable(): AppError {
  return new AppError(
    "usage",
    "the plan's exits answer as ensembles, of which the project has no tables; they are exported and verified alone, " +
      "so give the plan that it was made of",
    { missing: "plan" },
  );
}

function checkFamilies(networks: ReturnType<typeof networkNames>): void {
  const [one, other] = relatives(networks) ?? [];
  if (!one || !other) return;
  throw new AppError(
    "file-invalid",
    `the plan goes through ${one.name} and ${other.name}, of which one was tuned from the other: plans go through one of them; ` +
      "make one with `offramp search`",
    { missing: "plan" },
  );
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
