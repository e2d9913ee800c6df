import { useMemo } from "react";
import { type AxisId, placeOf, shownAxis } from "../../shared/presentation/chart/axes.ts";
import type { ChartedPlan, EvaluatedPlan } from "../../shared/presentation/plans/charted-plans.ts";
import { dimensionValue } from "../../shared/presentation/plans/plan-columns.ts";
import { type Brush, brushed, isBrushed } from "./brush.ts";
import { chartChoices, useChart, useChartChoices } from "./chart-store.ts";
import { usePlans } from "./plan-store.ts";

export interface ShownPlans {
  /** What brushes leave of `all`. */
  readonly shown: readonly EvaluatedPlan[];
  /** Plans of the series that are switched on. */
  readonly all: readonly EvaluatedPlan[];
}

/** Plans of the visible series, narrowed by every brush. */
export function useShownPlans(): ShownPlans {
  const state = usePlans();
  const { axis, hidden } = useChartChoices();
  const brush = useChart((chart) => chart.brush);
  const all = useMemo(() => visible(state.plans, hidden), [state.plans, hidden]);
  return useMemo(() => ({ all, shown: narrowed(all, brush, axis, state) }), [all, brush, axis, state]);
}

export function currentShownPlans(): readonly EvaluatedPlan[] {
  const state = usePlans.getState();
  const { axis, hidden } = chartChoices();
  return narrowed(visible(state.plans, hidden), useChart.getState().brush, axis, state);
}

function narrowed(
  plans: readonly EvaluatedPlan[],
  brush: Brush,
  axis: AxisId,
  { stated, backbone }: ReturnType<typeof usePlans.getState>,
): readonly EvaluatedPlan[] {
  if (!isBrushed(brush) || !backbone) return plans;
  const place = (plan: EvaluatedPlan) => placeOf(plan, shownAxis(axis, backbone), stated);
  return brushed(plans, brush, place, (plan, dimension) => dimensionValue(plan, dimension, backbone));
}

function visible(plans: readonly ChartedPlan[], hidden: readonly string[]): EvaluatedPlan[] {
  return plans.filter(
    (plan): plan is EvaluatedPlan => plan.figures !== null && !hidden.includes(plan.series),
  );
}
