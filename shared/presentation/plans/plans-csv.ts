import { chainLabel, describePlan, namedByTensor } from "../words/describe-plan.ts";
import type { NetworkTitles } from "../words/network-titles.ts";
import type { BackbonePoint } from "./backbone-point.ts";
import type { EvaluatedPlan } from "./charted-plans.ts";
import { plainNumber, toCsv } from "./csv.ts";
import { areChained, knownColumns, type PlanColumn, planColumns, tableColumns } from "./plan-columns.ts";

/**
 * Plans as a CSV file, one line per plan, numbers in plain units; with the networks where any plan goes through others than
 * the backbone, and the partition's tensor where any plan has one.
 * @param more columns behind the usual ones
 */
export function plansCsv(
  plans: readonly EvaluatedPlan[],
  backbone: BackbonePoint,
  titleOf: (series: string) => string,
  titles: NetworkTitles,
  more: readonly PlanColumn[] = [],
): string {
  const columns = [...knownColumns(tableColumns, plans, backbone), ...more];
  const arePartitioned = plans.some(({ cut }) => cut !== undefined);
  const hasChains = areChained(plans);
  const header = [
    "series",
    ...columns.map(({ csv }) => csv),
    ...(hasChains ? [planColumns.networks.csv] : []),
    ...(arePartitioned ? ["cut"] : []),
    "plan",
  ];
  return toCsv(
    header,
    plans.map((plan) => [
      titleOf(plan.series),
      ...columns.map((column) => plainNumber(column.of(plan.figures, backbone, plan))),
      ...(hasChains ? [chainLabel(plan, titles)] : []),
      ...(arePartitioned ? [plan.cut ?? null] : []),
      describePlan(plan, namedByTensor(titles)),
    ]),
  );
}
