import type { SearchSpace } from "../../shared/search/search-space.ts";

/** Plans that an exact search goes through in a second or so; bounds spare it most of the rest. */
const quickPlans = 3e9;

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

export function isEnormous(plans: number): boolean {
  return plans > quickPlans;
}
