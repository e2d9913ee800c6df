import { maxPinnedPlans } from "../../shared/model/design.ts";
import type { PartitionedPlan } from "../../shared/model/plan.ts";
import { isSamePlan } from "../../shared/model/plan.ts";
import { pin, useDesign } from "./design-store.ts";
import { notify } from "./notice-store.ts";

/** Pins a plan for comparison and says so; a plan is pinned once. */
export function pinPlan(plan: PartitionedPlan): void {
  const { pinned } = useDesign.getState();
  const same = pinned.find((own) => isSamePlan(own, plan));
  if (same) notify(`This plan is pinned already, as “${same.name}”.`);
  else if (pinned.length >= maxPinnedPlans)
    notify(`${maxPinnedPlans} plans are pinned, which is the most; remove one first.`);
  else {
    pin(plan);
    notify(`Pinned as “${useDesign.getState().pinned.at(-1)!.name}”.`, "good");
  }
}
