import { useMemo } from "react";
import { type BestPlan, bestPlan } from "../../shared/presentation/plans/best-plan.ts";
import { useDesign } from "./design-store.ts";
import { currentGuaranteedPlan, type GuaranteedPlan, useGuaranteedPlan } from "./guaranteed-plan.ts";
import { usePlans } from "./plan-store.ts";
import type { Recommended } from "./take-recommended.ts";

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

/** What the chart names before all others: the guaranteed plan where one is wanted, else the best or the nearest. */
export function useRecommended(): Recommended | null {
  const guaranteed = useGuaranteedPlan();
  const best = useBestPlan();
  return recommended(guaranteed ?? best);
}

export function currentRecommended(): Recommended | null {
  return recommended(currentGuaranteedPlan() ?? currentBestPlan());
}

function recommended(found: GuaranteedPlan | BestPlan | null): Recommended | null {
  const { backbone } = usePlans.getState();
  if (!found || !backbone) return null;
  const { plan, figures } = found;
  const { useCase } = useDesign.getState();
  return { plan, judged: { figures, backboneAccuracy: backbone.accuracy }, useCase };
}
