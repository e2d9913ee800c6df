import type { PlanFigures } from "../../model/plan.ts";
import type { Miss, UseCase } from "../../model/use-case.ts";
import { chooseForUseCase } from "../../search/engine/recommend.ts";
import type { ChartedPlan } from "./charted-plans.ts";

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
