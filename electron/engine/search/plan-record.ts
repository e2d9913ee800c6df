import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import { type PlanFigures, wayOf } from "../../../shared/model/plan.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import type { FrontPoint } from "../../../shared/search/engine/front-point.ts";
import { type DesignSpace, spaceOfPlan } from "../../../shared/space/design-space.ts";
import { toPlanExits } from "../../../shared/space/plan-exits.ts";

/** A plan found, as a front's file has it: on a front of energies what the search found is its energy. */
export function planRecord(spaces: readonly DesignSpace[], point: FrontPoint, useCase: UseCase) {
  const { exits, accuracy, right, latencyMs } = point;
  const { space } = spaceOfPlan(spaces, point);
  const costs = useCase.axis === "energy" ? statedCosts(evaluatePlan(space, exits), useCase) : { latencyMs };
  return { exits: toPlanExits(space, exits), accuracy, right, ...costs, ...wayOf(point) };
}

/** What a front's file states of a plan's costs. */
export function statedCosts({ latencyMs, energyMillijoules }: PlanFigures, { axis, latency }: UseCase) {
  return { latencyMs: latencyMs[latency], ...(axis === "energy" && { energyMillijoules }) };
}
