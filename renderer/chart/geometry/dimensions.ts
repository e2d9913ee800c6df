import { formatBytes, formatMs, formatPercent, formatQuantity } from "../../../shared/base/format-number.ts";
import type { PlanFigures } from "../../../shared/model/plan.ts";
import type { ChartedPlan } from "../../state/charted-plans.ts";

/** An axis of the parallel coordinates. */
export interface Dimension {
  readonly id: string;
  readonly title: string;
  /** Where there is no room for all, those with the highest number go first. */
  readonly rank: number;
  of(figures: PlanFigures, exits: ChartedPlan["exits"]): number;
  format(value: number): string;
}

export const dimensions: readonly Dimension[] = [
  {
    id: "exits",
    title: "exits",
    rank: 3,
    of: (_figures, exits) => exits.length,
    format: (value) => value.toFixed(0),
  },
  {
    id: "early",
    title: "early",
    rank: 6,
    of: ({ exitRates }) => 1 - exitRates[exitRates.length - 1],
    format: (value) => formatPercent(value, 0),
  },
  {
    id: "accuracy",
    title: "accuracy",
    rank: 0,
    of: ({ accuracy }) => accuracy,
    format: (value) => formatPercent(value),
  },
  { id: "mean", title: "mean, ms", rank: 1, of: ({ latencyMs }) => latencyMs.mean, format: plainMs },
  { id: "p95", title: "p95, ms", rank: 2, of: ({ latencyMs }) => latencyMs.p95, format: plainMs },
  { id: "macs", title: "MACs", rank: 4, of: ({ macs }) => macs, format: formatQuantity },
  { id: "bytes", title: "size", rank: 5, of: ({ bytes }) => bytes, format: formatBytes },
];

/** The unit stands in the title: side by side the axes have little room. */
function plainMs(value: number): string {
  return formatMs(value).replace(" ms", "");
}

/** @returns null if the plan's figures aren't known or there is no such dimension */
export function dimensionValue({ figures, exits }: ChartedPlan, id: string): number | null {
  const dimension = dimensions.find((candidate) => candidate.id === id);
  return dimension && figures ? dimension.of(figures, exits) : null;
}
