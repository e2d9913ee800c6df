import { formatBytes, formatMs, formatQuantity } from "../../base/format-number.ts";
import type { LatencyFigures, PlanFigures } from "../../model/plan.ts";
import type { ConstraintField } from "../../model/use-case.ts";
import { type BackbonePoint, backboneFigures } from "../plans/backbone-point.ts";
import type { ChartedPlan, StatedLatency } from "../plans/charted-plans.ts";

export const axisIds = ["mean", "p50", "p95", "macs", "bytes"] as const;
export type AxisId = (typeof axisIds)[number];

/** What networks of any kind cost: plans, the backbone, reference models. */
export interface Cost extends Pick<PlanFigures, "macs" | "bytes"> {
  readonly latencyMs: Pick<LatencyFigures, StatedLatency>;
}

/** What accuracy is drawn against. */
export interface Axis {
  readonly id: AxisId;
  readonly title: string;
  /** As the axis says it, with its unit. */
  readonly label: string;
  /** The latency of the use case that it shows; absent on the other axes. */
  readonly latency?: StatedLatency;
  /** Constraints on what it shows, beside the latency budget. */
  readonly limits: readonly ConstraintField[];
  of(cost: Cost): number;
  format(value: number): string;
}

function latencyAxis(latency: StatedLatency, title: string, limits: readonly ConstraintField[] = []): Axis {
  return {
    id: latency,
    title,
    label: `${latency} latency, ms`,
    latency,
    limits,
    of: ({ latencyMs }) => latencyMs[latency],
    format: formatMs,
  };
}

export const axes: Readonly<Record<AxisId, Axis>> = {
  mean: latencyAxis("mean", "Mean latency"),
  p50: latencyAxis("p50", "p50 latency"),
  p95: latencyAxis("p95", "p95 latency", ["maxP95Ms"]),
  macs: {
    id: "macs",
    title: "MACs",
    label: "mean MACs per sample",
    limits: [],
    of: ({ macs }) => macs,
    format: formatQuantity,
  },
  bytes: {
    id: "bytes",
    title: "Size",
    label: "size of all weights",
    limits: ["maxBytes", "maxMemoryBytes"],
    of: ({ bytes }) => bytes,
    format: formatBytes,
  },
};

/** Where a plan stands, in the axes' own units. */
export interface Place {
  readonly x: number;
  /** Accuracy, 0-1. */
  readonly y: number;
}

export function planPlace(figures: Cost & Pick<PlanFigures, "accuracy">, axis: Axis): Place {
  return { x: axis.of(figures), y: figures.accuracy };
}

/** @param stated the latency that the search's own figures state on this target; null if they are another target's */
export function placeOf(plan: ChartedPlan, axis: Axis, stated: StatedLatency | null): Place | null {
  if (plan.figures) return planPlace(plan.figures, axis);
  return plan.stated && stated !== null && axis.latency === stated
    ? { x: plan.stated.latencyMs, y: plan.stated.accuracy }
    : null;
}

export function backbonePlace(backbone: BackbonePoint, axis: Axis): Place {
  return planPlace(backboneFigures(backbone), axis);
}
