import type { BackbonePoint } from "./backbone-point.ts";
import type { EvaluatedPlan } from "./charted-plans.ts";
import { toCsv } from "./csv.ts";
import { describeExits, type PlanColumn, tableColumns } from "./plan-columns.ts";

/**
 * Plans as a CSV file, one line per plan, numbers in plain units; with the partition's tensor where any plan has one.
 * @param more columns behind the usual ones
 */
export function plansCsv(
  plans: readonly EvaluatedPlan[],
  backbone: BackbonePoint,
  titleOf: (series: string) => string,
  more: readonly PlanColumn[] = [],
): string {
  const columns = [...tableColumns, ...more];
  const arePartitioned = plans.some(({ cut }) => cut !== undefined);
  const header = ["series", ...columns.map(({ csv }) => csv), ...(arePartitioned ? ["cut"] : []), "plan"];
  return toCsv(
    header,
    plans.map((plan) => [
      titleOf(plan.series),
      ...columns.map((column) => plainNumber(column.of(plan.figures, backbone, plan))),
      ...(arePartitioned ? [plan.cut ?? null] : []),
      describeExits(plan.exits, (cutPoint) => cutPoint),
    ]),
  );
}

function plainNumber(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
