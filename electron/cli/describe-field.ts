import { formatBarePoints } from "../../shared/base/format-number.ts";
import type { FieldReport, RateChange, SurenessChange } from "../../shared/field/field-report.ts";
import { isAt, type PartitionedPlan, type PlanExit } from "../../shared/model/plan.ts";
import { type Statement, statementLine } from "../../shared/model/statement.ts";
import { placeOfEnd } from "../../shared/presentation/words/describe-plan.ts";
import type { NetworkTitles } from "../../shared/presentation/words/network-titles.ts";
import { exitCells } from "./describe-exits.ts";
import { percent, table } from "./format.ts";

/** What counts from the field say, as a person reads it in a terminal. */
export function describeField(
  report: FieldReport,
  plan: Pick<PartitionedPlan, "exits" | "chain">,
  titles: NetworkTitles,
  said: readonly Statement[],
): string[] {
  const { comparison, isShifted } = report;
  const { rates, sureness } = comparison;
  const head = [
    "exit",
    "cut point",
    "leave here",
    "on calibration",
    "pp (95 %)",
    "as sure as",
    "threshold",
    ...(isShifted ? ["new"] : []),
  ];
  const rows = plan.exits.map((exit, index) => [
    String(index + 1),
    exitCells(exit, plan, titles)[0],
    ...rateCells(rates.exits[index]),
    surenessCell(sureness[index]),
    exit.threshold.toFixed(4),
    ...(isShifted ? [newThreshold(exit, report)] : []),
  ]);
  const end = ["-", placeOfEnd(plan, titles), ...rateCells(rates.exits[plan.exits.length])];
  const rest = head.slice(end.length).map(() => "");
  return [...table(head, [...rows, [...end, ...rest]]), "", ...said.map(statementLine)];
}

function rateCells({ field, calibration, differencePp, intervalPp }: RateChange): string[] {
  const range = intervalPp.map(formatBarePoints).join(" to ");
  return [percent(field), percent(calibration), `${formatBarePoints(differencePp)} (${range})`];
}

/** Of those that reach the exit, by how many points more or fewer are as sure as a confidence, or surer. */
function surenessCell({ from, differencePp, isShifted }: SurenessChange): string {
  return `${from.toFixed(2)}: ${formatBarePoints(differencePp)} pp${isShifted ? "" : ", chance"}`;
}

function newThreshold(exit: PlanExit, { refitted }: FieldReport): string {
  if (!refitted) return "";
  return refitted.exits.find((own) => isAt(own, exit))?.threshold.toFixed(4) ?? "without";
}
