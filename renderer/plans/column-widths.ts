import type { BackbonePoint } from "../../shared/presentation/plans/backbone-point.ts";
import type { PlanColumn } from "../../shared/presentation/plans/plan-columns.ts";
import type { PlanRow } from "../../shared/presentation/plans/plan-rows.ts";

/** How wide a text is, px. */
export type MeasureText = (text: string) => number;

/** On both sides of a cell, px. */
const padding = { narrow: 6, wide: 8 };

/** Room for the arrow of a sorted column and its gap, px; where there is little, it stands in the gap to the next heading. */
const arrow = 13;

/** Names that are wider are shortened, px. */
const maxTextWidth = 176;

/** Room for the marks of those who found a plan, and for a name beside one mark, px. */
const seriesWidth = { narrow: 54, wide: 92 };

/** How a column's values are written. */
export function columnFormat({ brief, format }: PlanColumn, isNarrow: boolean): (value: number) => string {
  return isNarrow && brief ? brief.format : format;
}

/** How wide a column has to be for its heading and all that stands below it, px. @param isNarrow whether there is little room */
export function columnWidth(
  column: PlanColumn,
  rows: readonly PlanRow[],
  backbone: BackbonePoint,
  measure: MeasureText,
  isNarrow: boolean,
): number {
  const format = columnFormat(column, isNarrow);
  const longest = rows.reduce((most, { plan }) => {
    const text = format(column.of(plan.figures, backbone, plan));
    return text.length > most.length ? text : most;
  }, "");
  const width = Math.max(measure(longest), measure(column.title) + (isNarrow ? 0 : arrow));
  return Math.ceil(Math.min(maxTextWidth, width)) + (isNarrow ? padding.narrow : padding.wide);
}

/** What the columns and the series need, px. */
export function tableWidth(widths: readonly number[], isNarrow: boolean): number {
  return widths.reduce((sum, width) => sum + width, isNarrow ? seriesWidth.narrow : seriesWidth.wide);
}
