import { useMemo } from "react";
import type { PlanFigures } from "../../shared/model/plan.ts";
import { axes, placeOf } from "../chart/geometry/axes.ts";
import { brushed, isBrushed } from "../chart/geometry/brush.ts";
import { dimensionValue } from "../chart/geometry/dimensions.ts";
import { chartChoices, useChart, useChartChoices } from "./chart-store.ts";
import type { ChartedPlan } from "./charted-plans.ts";
import { usePlans } from "./plan-store.ts";

/** A plan whose figures are known, as table and parallel coordinates show it. */
export interface EvaluatedPlan extends ChartedPlan {
  readonly figures: PlanFigures;
}

export interface ShownPlans {
  /** What brushes leave of `all`. */
  readonly shown: readonly EvaluatedPlan[];
  /** Plans of the series that are switched on. */
  readonly all: readonly EvaluatedPlan[];
}

/** Plans of the visible series, narrowed by every brush. */
export function useShownPlans(): ShownPlans {
  const { plans, stated } = usePlans();
  const { axis, hidden } = useChartChoices();
  const brush = useChart((state) => state.brush);
  const all = useMemo(() => visible(plans, hidden), [plans, hidden]);
  return useMemo(() => {
    if (!isBrushed(brush)) return { all, shown: all };
    const place = (plan: EvaluatedPlan) => placeOf(plan, axes[axis], stated);
    return { all, shown: brushed(all, brush, place, dimensionValue) };
  }, [all, brush, axis, stated]);
}

export function currentShownPlans(): readonly EvaluatedPlan[] {
  const { plans, stated } = usePlans.getState();
  const { axis, hidden } = chartChoices();
  const place = (plan: EvaluatedPlan) => placeOf(plan, axes[axis], stated);
  return brushed(visible(plans, hidden), useChart.getState().brush, place, dimensionValue);
}

function visible(plans: readonly ChartedPlan[], hidden: readonly string[]): EvaluatedPlan[] {
  return plans.filter(
    (plan): plan is EvaluatedPlan => plan.figures !== null && !hidden.includes(plan.series),
  );
}
