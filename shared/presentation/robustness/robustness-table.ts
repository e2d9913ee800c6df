import {
  formatExactFactor,
  formatMs,
  formatPercent,
  formatPoints,
  formatRange,
} from "../../base/format-number.ts";
import type { Robustness, ShiftCondition } from "../../files/robustness.ts";
import { correlation, type TextTable } from "../fleet/fleet-table.ts";
import { conditionTitle, leavingEarly, orderKept, stillOnFront } from "./robustness-figures.ts";

/** What backbone and plan do by corruption and severity; the last two columns only where a front was tried. */
export function robustnessTable(robustness: Robustness): TextTable {
  const hasFront = robustness.front.length > 1;
  return {
    head: [
      ...[
        "corruption",
        "severity",
        "backbone",
        "plan",
        "95 %",
        "drop",
        "leave early",
        "mean latency",
        "speed-up",
      ],
      ...(hasFront ? ["still on the front", "order kept"] : []),
    ],
    rows: robustness.conditions.map((condition) => [
      ...planCells(robustness, condition),
      ...(hasFront ? frontCells(robustness, condition) : []),
    ]),
  };
}

function planCells(robustness: Robustness, condition: ShiftCondition): string[] {
  const { corruption, severity, backbone, plan } = condition;
  return [
    conditionTitle(robustness, corruption),
    corruption === null ? "" : String(severity),
    formatPercent(backbone.accuracy),
    formatPercent(plan.accuracy),
    formatRange(plan.accuracyInterval, formatPercent),
    `${formatPoints(plan.accuracyDropPp)} ± ${plan.accuracyDropHalfWidthPp.toFixed(2)}`,
    formatPercent(leavingEarly(condition)),
    formatMs(plan.latencyMs.mean),
    formatExactFactor(plan.speedup),
  ];
}

function frontCells(robustness: Robustness, condition: ShiftCondition): string[] {
  return [
    `${stillOnFront(condition)} of ${condition.front.length}`,
    correlation(orderKept(robustness, condition)),
  ];
}

/** The strengths of every severity, for who wants to make the same images. */
export function strengthsTable({ corruptions }: Pick<Robustness, "corruptions">): TextTable {
  return {
    head: ["corruption", "strength", "1", "2", "3", "4", "5"],
    rows: corruptions.map(({ title, strength, strengths }) => [title, strength, ...strengths.map(String)]),
  };
}
