import type { PartitionedPlan } from "./plan.ts";

/** Tells exits apart: the same ones with the same thresholds. */
export function exitsKey({ exits }: PartitionedPlan): string {
  return JSON.stringify(
    exits.map(({ cutPoint, head, policy, threshold }) => [cutPoint, head, policy, threshold]),
  );
}

/** Whether both have the same exits with the same thresholds, and the same cut. */
export function isSamePlan(one: PartitionedPlan, other: PartitionedPlan): boolean {
  if (one.cut !== other.cut) return false;
  return (
    one.exits === other.exits ||
    (one.exits.length === other.exits.length &&
      one.exits.every(
        ({ cutPoint, head, policy, threshold }, index) =>
          cutPoint === other.exits[index].cutPoint &&
          head === other.exits[index].head &&
          policy === other.exits[index].policy &&
          threshold === other.exits[index].threshold,
      ))
  );
}
