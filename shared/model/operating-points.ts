import { isSamePlan, type PartitionedPlan } from "./plan.ts";

/** The longest name of an operating point, characters. */
export const longestPointName = 60;

/** The same exits with other thresholds, as many as there are. */
export function atPoint<Of extends PartitionedPlan>(plan: Of, thresholds: readonly number[]): Of {
  const exits = plan.exits.map((exit, index) => ({ ...exit, threshold: thresholds[index] }));
  return { ...plan, exits };
}

/**
 * Whether one export can be run as either plan: they differ in thresholds alone. Where a plan is partitioned is nothing to its
 * thresholds.
 */
export function sharesExits(exported: PartitionedPlan, plan: PartitionedPlan): boolean {
  const thresholds = plan.exits.map(({ threshold }) => threshold);
  const { cut, cutMember } = exported;
  return isSamePlan(atPoint(exported, thresholds), { ...plan, cut, cutMember });
}
