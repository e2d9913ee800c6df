import { formatBytes, formatEnergy, formatMs, formatQuantity } from "../../base/format-number.ts";
import { statedCost } from "../../files/front-file.ts";
import type { LatencyFigures, PlanFigures } from "../../model/plan.ts";
import type { ConstraintField, FrontMeasure, UseCase } from "../../model/use-case.ts";
import { type BackbonePoint, backboneFigures } from "../plans/backbone-point.ts";
import type { ChartedPlan } from "../plans/charted-plans.ts";

export const axisIds = ["mean", "p50", "p95", "energy", "macs", "bytes"] as const;
export type AxisId = (typeof axisIds)[number];

/** What networks of any kind cost: plans, the backbone, reference models. */
export interface Cost extends Pick<PlanFigures, "macs" | "bytes" | "energyMillijoules"> {
  readonly latencyMs: Pick<LatencyFigures, UseCase["latency"]>;
}

/** What accuracy is drawn against. */
export interface Axis {
  readonly id: AxisId;
  readonly title: string;
  /** As the axis says it, with its unit. */
  readonly label: string;
  /** What of a use case's front it shows; absent on the other axes. */
  readonly measure?: FrontMeasure;
  /** The same of latencies alone. */
  readonly latency?: UseCase["latency"];
  /** Constraints on what it shows, beside the latency budget. */
  readonly limits: readonly ConstraintField[];
  /** NaN of what isn't known. */
  of(cost: Cost): number;
  format(value: number): string;
}

function latencyAxis(
  latency: UseCase["latency"],
  title: string,
  limits: readonly ConstraintField[] = [],
): Axis {
  return {
    id: latency,
    title,
    label: `${latency} latency, ms`,
    measure: latency,
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
  energy: {
    id: "energy",
    title: "Energy",
    label: "mean energy per sample, mJ",
    measure: "energy",
    limits: ["maxEnergyMillijoules"],
    of: ({ energyMillijoules }) => energyMillijoules ?? Number.NaN,
    format: formatEnergy,
  },
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

/** Whether it is known where something stands: its energy may not be. */
export function isKnown({ x }: Place): boolean {
  return Number.isFinite(x);
}

export function planPlace(figures: Cost & Pick<PlanFigures, "accuracy">, axis: Axis): Place {
  return { x: axis.of(figures), y: figures.accuracy };
}

/** The same where it is known; of nothing none. */
export function knownPlace(figures: Parameters<typeof planPlace>[0] | null, axis: Axis): Place | null {
  const place = figures && planPlace(figures, axis);
  return place && isKnown(place) ? place : null;
}

/** The axis that is shown where one is chosen: what isn't known of the backbone has none. */
export function shownAxis(id: AxisId, backbone: BackbonePoint | null): Axis {
  return backbone && !isKnown(backbonePlace(backbone, axes[id])) ? axes.mean : axes[id];
}

/** The axes that there is something to show on. */
export function knownAxes(backbone: BackbonePoint | null): Axis[] {
  return axisIds.flatMap((id) => (shownAxis(id, backbone).id === id ? [axes[id]] : []));
}

/** @param stated what the search's own figures state on this target; null if they are another target's */
export function placeOf(plan: ChartedPlan, axis: Axis, stated: FrontMeasure | null): Place | null {
  const place = plan.figures ? planPlace(plan.figures, axis) : statedPlace(plan, axis, stated);
  return place && isKnown(place) ? place : null;
}

function statedPlace({ stated: own }: ChartedPlan, axis: Axis, stated: FrontMeasure | null): Place | null {
  return own && stated !== null && axis.measure === stated
    ? { x: statedCost(own, stated), y: own.accuracy }
    : null;
}

export function backbonePlace(backbone: BackbonePoint, axis: Axis): Place {
  return planPlace(backboneFigures(backbone), axis);
}
