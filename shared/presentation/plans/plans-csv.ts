import { describePlan, namedByTensor } from "../words/describe-plan.ts";
import type { NetworkTitles } from "../words/network-titles.ts";
import type { BackbonePoint } from "./backbone-point.ts";
import { plainNumber, toCsv } from "./csv.ts";
import type { PlanColumn } from "./plan-columns.ts";
import type { PlanRow } from "./plan-rows.ts";

/**
 * Plans as a CSV file, one line per plan with all who found it, numbers in plain units, and the plan itself in words.
 * @param columns all that the plans have, whether they are shown or not
 */
export function plansCsv(
  rows: readonly PlanRow[],
  columns: readonly PlanColumn[],
  backbone: BackbonePoint,
  titleOf: (series: string) => string,
  titles: NetworkTitles,
): string {
  return toCsv(
    ["series", ...columns.map(({ csv }) => csv), "plan"],
    rows.map(({ plan, series }) => [
      series.map(titleOf).join("; "),
      ...columns.map((column) => {
        if (column.inFile) return column.inFile(plan);
        const value = column.of(plan.figures, backbone, plan);
        return column.isText ? column.format(value) : plainNumber(value);
      }),
      describePlan(plan, namedByTensor(titles)),
    ]),
  );
}
