import { useMemo } from "react";
import type { PlanFigures } from "../../shared/model/plan.ts";
import type { Miss, UseCase } from "../../shared/model/use-case.ts";
import type { ChartedPlan } from "../../shared/presentation/plans/charted-plans.ts";
import { chooseForUseCase } from "../../shared/search/engine/recommend.ts";
import { useDesign } from "./design-store.ts";
import { usePlans } from "./plan-store.ts";

/** The plan of our front that the use case calls for. */
export interface BestPlan {
  readonly plan: ChartedPlan;
  readonly figures: PlanFigures;
  /** Whether it meets every constraint; otherwise it comes nearest. */
  readonly feasible: boolean;
  readonly misses: readonly Miss[];
}

/** @returns null while our front or its figures aren't known */
export function bestPlan(
  plans: readonly ChartedPlan[],
  useCase: UseCase,
  backboneAccuracy: number,
): BestPlan | null {
  const known = plans.flatMap((plan) =>
    plan.role === "ours" && plan.figures ? [{ plan, figures: plan.figures }] : [],
  );
  if (known.length === 0) return null;
  const { plan: chosen, feasible, misses } = chooseForUseCase(known, useCase, backboneAccuracy);
  return { ...chosen, feasible, misses };
}

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
