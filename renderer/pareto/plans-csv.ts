import { toCsv } from "./csv.ts";
import { type BackbonePoint, describeExits, tableColumns } from "./plan-columns.ts";
import type { EvaluatedPlan } from "./shown-plans.ts";

/** Plans as a CSV file, one line per plan, numbers in plain units. */
export function plansCsv(
  plans: readonly EvaluatedPlan[],
  backbone: BackbonePoint,
  titleOf: (series: string) => string,
): string {
  const header = ["series", ...tableColumns.map(({ csv }) => csv), "plan"];
  return toCsv(
    header,
    plans.map(({ series, figures, exits }) => [
      titleOf(series),
      ...tableColumns.map((column) => column.of(figures, backbone, exits)),
      describeExits(exits, (cutPoint) => cutPoint),
    ]),
  );
}
