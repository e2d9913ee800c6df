import type { BackbonePoint } from "../../shared/presentation/plans/backbone-point.ts";
import type { EvaluatedPlan } from "../../shared/presentation/plans/charted-plans.ts";
import type { PlanColumn } from "../../shared/presentation/plans/plan-columns.ts";

export interface Sorting {
  /** Id of a column, or "series". */
  readonly column: string;
  readonly falling: boolean;
}

/** Sorts plans by a column; equal ones keep their order. @param column none for the order of the series */
export function sortPlans(
  plans: readonly EvaluatedPlan[],
  column: PlanColumn | undefined,
  falling: boolean,
  backbone: BackbonePoint,
): EvaluatedPlan[] {
  if (!column) return falling ? [...plans].reverse() : [...plans];
  const sign = falling ? -1 : 1;
  return plans
    .map((plan) => ({ plan, value: orInfinite(column.of(plan.figures, backbone, plan)) }))
    .sort((a, b) => sign * (a.value - b.value))
    .map(({ plan }) => plan);
}

/** Where nothing is known of a plan it comes behind all others. */
function orInfinite(value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

/** A press on a heading: the better end first, then the other one. */
export function nextSorting(current: Sorting, column: PlanColumn | undefined, id: string): Sorting {
  if (current.column === id) return { column: id, falling: !current.falling };
  return { column: id, falling: column?.better === "more" };
}
