import { AppError } from "../base/errors.ts";
import type { PlanExit } from "../model/plan.ts";
import type { SearchSpace } from "./search-space.ts";
import type { ThresholdedExit } from "./thresholded-exit.ts";

/** Names the exits as plan files do. */
export function toPlanExits(space: SearchSpace, exits: readonly ThresholdedExit[]): PlanExit[] {
  return exits.map(({ candidate, threshold }) => {
    const { member, cutPoint, head, policy } = space.candidates[candidate];
    return { member, cutPoint, head, policy, threshold };
  });
}

/**
 * Finds a plan file's exits among the space's candidates.
 * @throws AppError 'file-invalid' if the space has no such candidate
 */
export function fromPlanExits(space: SearchSpace, exits: readonly PlanExit[]): ThresholdedExit[] {
  return exits.map(({ member, cutPoint, head, policy, threshold }) => {
    const candidate = space.candidates.findIndex(
      (other) =>
        other.member === member &&
        other.cutPoint === cutPoint &&
        other.head === head &&
        other.policy === policy,
    );
    if (candidate >= 0) return { candidate, threshold };
    throw new AppError(
      "file-invalid",
      `the plan's exit at ${cutPoint} (head ${head}, policy ${policy}) is not among the ` +
        `${space.candidates.length} calibrated exits; calibrate it or choose another plan`,
      { cutPoint, head, policy },
    );
  });
}
