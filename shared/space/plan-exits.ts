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

/** Where the space has the candidate that an exit of a plan uses; -1 if it has none. */
export function candidateIndex(space: SearchSpace, { member, cutPoint, head, policy }: PlanExit): number {
  return space.candidates.findIndex(
    (own) => own.member === member && own.cutPoint === cutPoint && own.head === head && own.policy === policy,
  );
}

/**
 * Finds a plan file's exits among the space's candidates.
 * @throws AppError 'file-invalid' if the space has no such candidate
 */
export function fromPlanExits(space: SearchSpace, exits: readonly PlanExit[]): ThresholdedExit[] {
  return exits.map((exit) => {
    const candidate = candidateIndex(space, exit);
    const { cutPoint, head, policy, threshold } = exit;
    if (candidate >= 0) return { candidate, threshold };
    throw new AppError(
      "file-invalid",
      `the plan's exit at ${cutPoint} (head ${head}, policy ${policy}) is not among the ` +
        `${space.candidates.length} calibrated exits; calibrate it or choose another plan`,
      { cutPoint, head, policy },
    );
  });
}
