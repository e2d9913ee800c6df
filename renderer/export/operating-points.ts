import type { PinnedPlan } from "../../shared/model/design.ts";
import { longestPointName, sharesExits } from "../../shared/model/operating-points.ts";
import { isSamePlan, type PartitionedPlan } from "../../shared/model/plan.ts";

/** A pinned plan that the exported files could be run as, too. */
export interface OfferedPoint {
  readonly plan: PinnedPlan;
  /** Why it can't be; undefined if it can. */
  readonly obstacle: string | undefined;
}

/** What the pinned plans are to an export of the live one; one without exits has no thresholds to switch. */
export function offeredPoints(live: PartitionedPlan, pinned: readonly PinnedPlan[]): OfferedPoint[] {
  if (live.exits.length === 0) return [];
  return pinned.map((plan, index) => ({ plan, obstacle: obstacleTo(live, plan, pinned.slice(0, index)) }));
}

function obstacleTo(
  live: PartitionedPlan,
  plan: PinnedPlan,
  before: readonly PinnedPlan[],
): string | undefined {
  if (!sharesExits(live, plan))
    return "Has other exits, heads or policies than the live plan; points differ in thresholds alone.";
  if (isSamePlan({ ...plan, cut: live.cut, cutMember: live.cutMember }, live)) return "Is the live plan.";
  if (before.some(({ name }) => name === plan.name))
    return "Another pinned plan has the same name; rename one of them.";
  if (plan.name.length > longestPointName)
    return `Its name has more than ${longestPointName} characters; give it a shorter one.`;
  return undefined;
}

/** The plans of those that were chosen, without any that can't be points any more. */
export function chosenPoints(offered: readonly OfferedPoint[], chosen: readonly string[]): PinnedPlan[] {
  return offered.flatMap(({ plan, obstacle }) =>
    obstacle === undefined && chosen.includes(plan.name) ? [plan] : [],
  );
}
