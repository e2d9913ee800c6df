import type { FrontPoint } from "../../../shared/search/engine/front-point.ts";
import { toPlanExits } from "../../../shared/space/plan-exits.ts";
import type { SearchSpace } from "../../../shared/space/search-space.ts";

/** A plan found, as a front's file has it. */
export function planRecord(space: SearchSpace, { exits, accuracy, right, latencyMs, cut }: FrontPoint) {
  return { exits: toPlanExits(space, exits), accuracy, right, latencyMs, cut };
}
