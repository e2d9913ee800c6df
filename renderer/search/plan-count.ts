import type { UseCase } from "../../shared/domain/use-case.ts";
import type { SearchSpace } from "../../shared/search/search-space.ts";
import type { SearchGoal } from "../../shared/search/search-target.ts";

/** Plans of a front that an exact search has done with in a minute or so. */
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
  const candidatesAt = new Map<number, number>();
  for (const { position, policy } of space.candidates)
    if (policies.includes(policy)) candidatesAt.set(position, (candidatesAt.get(position) ?? 0) + 1);
  const exits = Math.min(maxExits, candidatesAt.size);
  const plans = [1, ...new Array<number>(exits).fill(0)];
  for (const candidates of candidatesAt.values())
    for (let count = exits; count > 0; count--) plans[count] += plans[count - 1] * candidates * levels;
  return plans.reduce((sum, count) => sum + count, 0);
}

/** Whether an exact search of so many plans may take very long. */
export function isEnormous(plans: number, goal: SearchGoal, latency: UseCase["latency"]): boolean {
  return plans > (goal === "best" && latency === "mean" ? quickPlansForBest : quickPlans);
}
