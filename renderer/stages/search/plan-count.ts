import type { UseCase } from "../../../shared/model/use-case.ts";
import { countPlans } from "../../../shared/search/engine/count-plans.ts";
import type { SearchGoal } from "../../../shared/search/engine/search-target.ts";
import type { SearchSpace } from "../../../shared/space/search-space.ts";

/** So many plans an exact search for the front handles in a minute or so. */
const quickPlans = 3e9;

/** The same for the best plan by mean latency alone, whose bounds reach far further. */
const quickPlansForBest = 5e12;

/** How many plans a search would choose from, at most: every candidate with all of its threshold levels. */
export function estimatedPlans(
  space: SearchSpace,
  policies: readonly string[],
  maxExits: number,
  levels: number,
): number {
  const candidates = space.candidates.filter(({ policy }) => policies.includes(policy));
  const thresholds = new Float32Array(levels);
  return countPlans(
    { ...space, candidates, maxExits },
    candidates.map(() => thresholds),
  );
}

/** Whether an exact search of so many plans may take very long. */
export function isEnormous(plans: number, goal: SearchGoal, latency: UseCase["latency"]): boolean {
  return plans > (goal === "best" && latency === "mean" ? quickPlansForBest : quickPlans);
}
