import { wayOf } from "../../../shared/model/plan.ts";
import type { FrontPoint } from "../../../shared/search/engine/front-point.ts";
import { type DesignSpace, spaceOfPlan } from "../../../shared/space/design-space.ts";
import { toPlanExits } from "../../../shared/space/plan-exits.ts";

/** A plan found, as a front's file has it. */
export function planRecord(spaces: readonly DesignSpace[], point: FrontPoint) {
  const { exits, accuracy, right, latencyMs } = point;
  const { space } = spaceOfPlan(spaces, point);
  return { exits: toPlanExits(space, exits), accuracy, right, latencyMs, ...wayOf(point) };
}
