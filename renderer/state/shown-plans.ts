import { useMemo } from "react";
import { checkConstraints } from "../../shared/model/constraints.ts";
import type { UseCase } from "../../shared/model/use-case.ts";
import { type AxisId, placeOf, shownAxis } from "../../shared/presentation/chart/axes.ts";
import type { ChartedPlan, EvaluatedPlan } from "../../shared/presentation/plans/charted-plans.ts";
import type { PlanColumn } from "../../shared/presentation/plans/plan-columns.ts";
import { type PlanRow, planRows } from "../../shared/presentation/plans/plan-rows.ts";
import { seriesName } from "../../shared/presentation/plans/series.ts";
import { type Brush, brushed, isBrushed } from "./brush.ts";
import { chartChoices, useChart, useChartChoices } from "./chart-store.ts";
import { useDesign } from "./design-store.ts";
import { currentPlanColumns, usePlanColumns } from "./plan-columns.ts";
import { usePlans } from "./plan-store.ts";

/** The column that says which series a plan is of. */
export const seriesColumn = "series";

export interface ShownPlans {
  /** What brushes leave of `all`. */
  readonly shown: readonly EvaluatedPlan[];
  /** Plans of the series that are switched on. */
  readonly all: readonly EvaluatedPlan[];
  /** The same, each plan once: those of which anything is left, and how many there are. */
  readonly rows: readonly PlanRow[];
  readonly allRows: number;
}

interface Narrowing {
  readonly state: ReturnType<typeof usePlans.getState>;
  readonly columns: readonly PlanColumn[];
  readonly brush: Brush;
  readonly axis: AxisId;
  readonly useCase: UseCase;
}

/** Plans of the visible series, narrowed by every brush. */
export function useShownPlans(): ShownPlans {
  const state = usePlans();
  const columns = usePlanColumns();
  const { axis, hidden } = useChartChoices();
  const brush = useChart((chart) => chart.brush);
  // Followed only where it counts: it changes with every step of a line that is dragged.
  const useCase = useDesign((design) => (brush.isMeeting ? design.useCase : null));
  const all = useMemo(() => visible(state.plans, hidden), [state.plans, hidden]);
  return useMemo(
    () => narrowed(all, { state, columns, brush, axis, useCase: useCase ?? useDesign.getState().useCase }),
    [all, state, columns, brush, axis, useCase],
  );
}

export function currentShownPlans(): ShownPlans {
  const state = usePlans.getState();
  const { axis, hidden } = chartChoices();
  return narrowed(visible(state.plans, hidden), {
    state,
    columns: currentPlanColumns(),
    brush: useChart.getState().brush,
    axis,
    useCase: useDesign.getState().useCase,
  });
}

function narrowed(all: readonly EvaluatedPlan[], narrowing: Narrowing): ShownPlans {
  const allRows = rowsOf(all);
  const shown = leftOf(all, narrowing);
  if (shown === all) return { all, shown, rows: allRows, allRows: allRows.length };
  const isLeft = new Set(rowsOf(shown).map(({ key }) => key));
  return { all, shown, rows: allRows.filter(({ key }) => isLeft.has(key)), allRows: allRows.length };
}

function leftOf(
  plans: readonly EvaluatedPlan[],
  { state: { stated, backbone, series }, columns, brush, axis, useCase }: Narrowing,
): readonly EvaluatedPlan[] {
  if (!isBrushed(brush) || !backbone) return plans;
  const byId = new Map(columns.map((column) => [column.id, column]));
  const names = new Map(series.map((one) => [one.id, seriesName(one)]));
  return brushed(plans, brush, {
    placeOf: (plan) => placeOf(plan, shownAxis(axis, backbone), stated),
    valueAt: (plan, id) => byId.get(id)?.of(plan.figures, backbone, plan) ?? null,
    wordsAt: (plan, id) => {
      if (id === seriesColumn) return names.get(plan.series) ?? "";
      const column = byId.get(id);
      return column ? column.format(column.of(plan.figures, backbone, plan)) : "";
    },
    isMet: ({ figures }) =>
      checkConstraints(useCase, { figures, backboneAccuracy: backbone.accuracy }).every(({ isMet }) => isMet),
  });
}

const known = new WeakMap<readonly EvaluatedPlan[], PlanRow[]>();

function rowsOf(plans: readonly EvaluatedPlan[]): PlanRow[] {
  const rows = known.get(plans) ?? planRows(plans);
  known.set(plans, rows);
  return rows;
}

let lastVisible:
  | { plans: readonly ChartedPlan[]; hidden: readonly string[]; visible: EvaluatedPlan[] }
  | undefined;

/** The very same list to all who ask, until it changes. */
function visible(plans: readonly ChartedPlan[], hidden: readonly string[]): readonly EvaluatedPlan[] {
  if (lastVisible?.plans !== plans || lastVisible.hidden !== hidden)
    lastVisible = {
      plans,
      hidden,
      visible: plans.filter(
        (plan): plan is EvaluatedPlan => plan.figures !== null && !hidden.includes(plan.series),
      ),
    };
  return lastVisible.visible;
}
