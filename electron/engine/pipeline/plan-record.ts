import { toPlanExits } from "../../../shared/evaluate/plan-exits.ts";
import type { FrontPoint } from "../../../shared/search/run-search.ts";
import type { SearchSpace } from "../../../shared/search/search-space.ts";

/** A plan found, as a front's file has it. */
export function planRecord(space: SearchSpace, { exits, accuracy, latencyMs, cut }: FrontPoint) {
  return { exits: toPlanExits(space, exits), accuracy, latencyMs, cut };
}
