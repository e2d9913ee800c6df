import type { PlanExit, PlanFigures } from "../../model/plan.ts";
import { fromPlanExits } from "../../space/plan-exits.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";
import { evaluatePlan } from "../evaluate-plan.ts";

/** @returns null if the plan doesn't fit the space: of another model, or its head is gone */
export function figuresOf(space: SearchSpace, exits: readonly PlanExit[]): PlanFigures | null {
  const placed = placedExits(space, exits);
  return placed && evaluatePlan(space, placed);
}

/** The exits among the space's candidates; null if one is not there, or they don't rise along the backbone. */
export function placedExits(space: SearchSpace, exits: readonly PlanExit[]): ThresholdedExit[] | null {
  try {
    const placed = fromPlanExits(space, exits);
    const positions = placed.map(({ candidate }) => space.candidates[candidate].position);
    return positions.every((position, k) => k === 0 || position > positions[k - 1]) ? placed : null;
  } catch {
    return null;
  }
}
