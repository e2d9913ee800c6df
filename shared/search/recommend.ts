import { z } from "zod";
import type { PlanFigures } from "../domain/plan.ts";
import type { UseCase } from "../domain/use-case.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import { countRight } from "./reference-point.ts";
import type { FrontPoint } from "./run-search.ts";
import type { SearchSpace } from "./search-space.ts";

/** A constraint of the use case that a plan breaks, in the constraint's own unit. */
export const missSchema = z.object({
  constraint: z.enum(["maxLatencyMs", "minAccuracy", "maxDropPp", "maxBytes"]),
  wanted: z.number(),
  got: z.number(),
});

export type Miss = z.infer<typeof missSchema>;

export interface Recommendation {
  readonly point: FrontPoint;
  readonly figures: PlanFigures;
  /** Whether the plan meets every constraint; otherwise it is the one that comes nearest. */
  readonly feasible: boolean;
  readonly misses: readonly Miss[];
}

/** The drop that a person who states no constraint is taken to accept, percentage points. */
export const DEFAULT_MAX_DROP_PP = 0.5;

/** Shares of samples are exact, differences and percentages of them aren't. */
const ROUNDING = 1e-9;

/**
 * Chooses from a front what the use case calls for, see {@link chooseForUseCase}.
 * @param front at least one point, evaluated on `space`
 */
export function recommend(
  space: SearchSpace,
  front: readonly FrontPoint[],
  useCase: UseCase,
): Recommendation {
  const plans = front.map((point) => ({ point, figures: evaluatePlan(space, point.exits) }));
  const { plan, feasible, misses } = chooseForUseCase(
    plans,
    useCase,
    countRight(space.backboneCorrect) / space.samples,
  );
  return { ...plan, feasible, misses };
}

export interface Choice<Plan> {
  readonly plan: Plan;
  /** Whether the plan meets every constraint; otherwise it is the one that comes nearest. */
  readonly feasible: boolean;
  readonly misses: readonly Miss[];
}

/**
 * Chooses from plans what the use case calls for: with an accuracy constraint the fastest plan that meets all
 * constraints, with a latency budget alone the most accurate one, and without either the fastest one that loses
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
  const wanted = withDefault(useCase);
  const choices = plans.map((plan) => {
    const checks = checkConstraints(wanted, plan.figures, backboneAccuracy).filter(
      ({ excess }) => excess > ROUNDING,
    );
    return { plan, checks, violation: checks.reduce((sum, { excess }) => sum + excess, 0) };
  });
  const wantsAccuracy = wanted.minAccuracy !== undefined || wanted.maxDropPp !== undefined;
  const latencyMs = ({ figures }: Plan) => figures.latencyMs[wanted.latency];
  const best = choices.reduce((chosen, other) => {
    if (other.violation !== chosen.violation) return other.violation < chosen.violation ? other : chosen;
    const better = wantsAccuracy
      ? latencyMs(other.plan) < latencyMs(chosen.plan)
      : other.plan.figures.accuracy > chosen.plan.figures.accuracy;
    return better ? other : chosen;
  });
  return {
    plan: best.plan,
    feasible: best.checks.length === 0,
    misses: best.checks.map(({ miss }) => miss),
  };
}

/** A use case in the units of a search. */
export interface ConstraintLimits {
  /** Right samples that a plan needs at least; more than there are if no plan can do. */
  readonly minRight: number;
  /** Every latency below meets the budget, ms. */
  readonly belowMs: number;
  /** Whether the fastest plan is wanted; otherwise the most accurate. */
  readonly wantsAccuracy: boolean;
}

/** What {@link chooseForUseCase} asks of accuracy and latency. */
export function constraintLimits(
  useCase: UseCase,
  samples: number,
  backboneAccuracy: number,
): ConstraintLimits {
  const { minAccuracy, maxDropPp, maxLatencyMs } = withDefault(useCase);
  const floors = [
    ...(minAccuracy === undefined ? [] : [minAccuracy]),
    ...(maxDropPp === undefined ? [] : [backboneAccuracy - maxDropPp / 100]),
  ];
  const keeps = (right: number) => floors.every((floor) => shortfall(right / samples, floor) <= ROUNDING);
  let minRight = 0;
  while (minRight <= samples && !keeps(minRight)) minRight++;
  return {
    minRight,
    belowMs: maxLatencyMs === undefined ? Number.POSITIVE_INFINITY : maxLatencyMs * (1 + ROUNDING),
    wantsAccuracy: floors.length > 0,
  };
}

function withDefault(useCase: UseCase): UseCase {
  const { maxLatencyMs, minAccuracy, maxDropPp } = useCase;
  const isSilent = maxLatencyMs === undefined && minAccuracy === undefined && maxDropPp === undefined;
  return isSilent ? { ...useCase, maxDropPp: DEFAULT_MAX_DROP_PP } : useCase;
}

interface Check {
  readonly miss: Miss;
  /** By how much the plan exceeds what was wanted, as share of it; not above 0 if it keeps to it. */
  readonly excess: number;
}

function checkConstraints(useCase: UseCase, figures: PlanFigures, backboneAccuracy: number): Check[] {
  const { maxLatencyMs, minAccuracy, maxDropPp, maxBytes } = useCase;
  const { accuracy, bytes } = figures;
  const latencyMs = figures.latencyMs[useCase.latency];
  const checks: Check[] = [];
  const check = (constraint: Miss["constraint"], wanted: number, got: number, excess: number) =>
    checks.push({ miss: { constraint, wanted, got }, excess });
  if (maxLatencyMs !== undefined) {
    check("maxLatencyMs", maxLatencyMs, latencyMs, latencyMs / maxLatencyMs - 1);
  }
  if (minAccuracy !== undefined) {
    check("minAccuracy", minAccuracy, accuracy, shortfall(accuracy, minAccuracy));
  }
  if (maxDropPp !== undefined) {
    const floor = backboneAccuracy - maxDropPp / 100;
    check("maxDropPp", maxDropPp, 100 * (backboneAccuracy - accuracy), shortfall(accuracy, floor));
  }
  if (maxBytes !== undefined) check("maxBytes", maxBytes, bytes, bytes / maxBytes - 1);
  return checks;
}

function shortfall(accuracy: number, floor: number): number {
  return floor > 0 ? 1 - accuracy / floor : 0;
}
