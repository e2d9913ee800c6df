import { planKey } from "../../model/plan.ts";
import type { EvaluatedPlan } from "./charted-plans.ts";

/** A plan however many searches and schemes have found it. */
export interface PlanRow {
  /** Of the first series that has it. */
  readonly plan: EvaluatedPlan;
  /** See `planKey`. */
  readonly key: string;
  /** Ids of the series that have it, in their order. */
  readonly series: readonly string[];
}

/** One row for each plan, in the order in which they first come. */
export function planRows(plans: readonly EvaluatedPlan[]): PlanRow[] {
  const rows = new Map<string, { plan: EvaluatedPlan; key: string; series: string[] }>();
  for (const plan of plans) {
    const key = planKey(plan);
    const row = rows.get(key);
    if (!row) rows.set(key, { plan, key, series: [plan.series] });
    else if (!row.series.includes(plan.series)) row.series.push(plan.series);
  }
  return [...rows.values()];
}
