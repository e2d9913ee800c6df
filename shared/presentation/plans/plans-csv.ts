import type { BackbonePoint } from "./backbone-point.ts";
import type { EvaluatedPlan } from "./charted-plans.ts";
import { toCsv } from "./csv.ts";
import { describeExits, tableColumns } from "./plan-columns.ts";

/** Plans as a CSV file, one line per plan, numbers in plain units; with the partition's tensor where any plan has one. */
export function plansCsv(
  plans: readonly EvaluatedPlan[],
  backbone: BackbonePoint,
  titleOf: (series: string) => string,
): string {
  const arePartitioned = plans.some(({ cut }) => cut !== undefined);
  const header = [
    "series",
    ...tableColumns.map(({ csv }) => csv),
    ...(arePartitioned ? ["cut"] : []),
    "plan",
  ];
  return toCsv(
    header,
    plans.map((plan) => [
      titleOf(plan.series),
      ...tableColumns.map((column) => column.of(plan.figures, backbone, plan)),
      ...(arePartitioned ? [plan.cut ?? null] : []),
      describeExits(plan.exits, (cutPoint) => cutPoint),
    ]),
  );
}
