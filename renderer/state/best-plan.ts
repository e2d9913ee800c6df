import { useMemo } from "react";
import { type BestPlan, bestPlan } from "../../shared/presentation/plans/best-plan.ts";
import { useDesign } from "./design-store.ts";
import { usePlans } from "./plan-store.ts";

/** Follows the constraints as they are dragged. */
export function useBestPlan(): BestPlan | null {
  const plans = usePlans((state) => state.plans);
  const accuracy = usePlans((state) => state.backbone?.accuracy);
  const useCase = useDesign((state) => state.useCase);
  return useMemo(
    () => (accuracy === undefined ? null : bestPlan(plans, useCase, accuracy)),
    [plans, accuracy, useCase],
  );
}

export function currentBestPlan(): BestPlan | null {
  const { plans, backbone } = usePlans.getState();
  return backbone && bestPlan(plans, useDesign.getState().useCase, backbone.accuracy);
}
