import { evaluatePlan } from "../../evaluate/evaluate-plan.ts";
import { checkConstraints, withDefaultDrop } from "../../model/constraints.ts";
import { costOf, type PlanFigures } from "../../model/plan.ts";
import type { Miss, UseCase } from "../../model/use-case.ts";
import { referenceAccuracy } from "../../space/reference-point.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import type { PlacedPlan } from "./front-point.ts";

export interface Recommendation<Plan extends PlacedPlan = PlacedPlan> {
  readonly point: Plan;
  readonly figures: PlanFigures;
  /** Whether the plan meets every constraint; otherwise it is the one that comes nearest. */
  readonly feasible: boolean;
  readonly misses: readonly Miss[];
}

/**
 * Chooses from a front what the use case calls for, see {@link chooseForUseCase}.
 * @param front at least one point
 * @param figuresOf evaluates a point; on `space` if absent
 */
export function recommend<Plan extends PlacedPlan>(
  space: SearchSpace,
  front: readonly Plan[],
  useCase: UseCase,
  figuresOf = ({ exits }: Plan): PlanFigures => evaluatePlan(space, exits),
): Recommendation<Plan> {
  const plans = front.map((point) => ({ point, figures: figuresOf(point) }));
  const { plan, feasible, misses } = chooseForUseCase(plans, useCase, referenceAccuracy(space));
  return { ...plan, feasible, misses };
}

export interface Choice<Plan> {
  readonly plan: Plan;
  /** Whether the plan meets every constraint; otherwise it is the one that comes nearest. */
  readonly feasible: boolean;
  readonly misses: readonly Miss[];
}

/**
 * Chooses from plans what the use case calls for: with an accuracy constraint the fastest plan (or the one of least energy, if the front is one of energies) that meets all
 * constraints, with limits on speed alone (latencies, the share that reaches the end) the most accurate one, and without either the fastest one that loses
 * at most 0.5 points against the backbone. Where none meets them, the nearest: the smallest sum of violations,
 * each as share of what was wanted.
 * @param plans at least one; the first of equal ones is chosen
 * @param backboneAccuracy on the same split (0-1)
 */
export function chooseForUseCase<Plan extends { readonly figures: PlanFigures }>(
  plans: readonly Plan[],
  useCase: UseCase,
  backboneAccuracy: number,
): Choice<Plan> {
  const wanted = withDefaultDrop(useCase);
  const choices = plans.map((plan) => {
    const missed = checkConstraints(wanted, { figures: plan.figures, backboneAccuracy }).filter(
      ({ isMet }) => !isMet,
    );
    return { plan, missed, violation: missed.reduce((sum, { excess }) => sum + excess, 0) };
  });
  const wantsAccuracy = wanted.minAccuracy !== undefined || wanted.maxDropPp !== undefined;
  const cost = ({ figures }: Plan) => costOf(figures, wanted);
  const best = choices.reduce((chosen, other) => {
    if (other.violation !== chosen.violation) return other.violation < chosen.violation ? other : chosen;
    const better = wantsAccuracy
      ? cost(other.plan) < cost(chosen.plan)
      : other.plan.figures.accuracy > chosen.plan.figures.accuracy;
    return better ? other : chosen;
  });
  return {
    plan: best.plan,
    feasible: best.missed.length === 0,
    misses: best.missed.map(({ constraint, wanted, got }) => ({ constraint: constraint.field, wanted, got })),
  };
}
