import { constraintOf, constraints, describeConstraint } from "../../model/constraints.ts";
import type { ConstraintField, UseCase } from "../../model/use-case.ts";
import type { BackbonePoint } from "../plans/backbone-point.ts";
import type { Axis, Place } from "./axes.ts";
import { backbonePlace } from "./axes.ts";

/** A constraint of the use case as a line across the chart. */
export interface ConstraintLine {
  readonly field: ConstraintField;
  /** Horizontal lines bound accuracy from below, vertical ones the other axis from above. */
  readonly direction: "horizontal" | "vertical";
  /** In the axis' unit; accuracy as share, 0-1. */
  readonly at: number;
  readonly label: string;
}

/** What a chart says of the use case. */
export interface ChartedConstraints {
  readonly lines: readonly ConstraintLine[];
  /** In words, those on what neither axis shows: `worst ≤ 2.00 ms`. */
  readonly others: readonly string[];
}

/** Where a line is drawn for what is wanted, and back; the same number unless it is said here. */
interface Placement {
  at(wanted: number, backbone: BackbonePoint): number;
  wanted(at: number, backbone: BackbonePoint): number;
}

const asItIs: Placement = { at: (wanted) => wanted, wanted: (at) => at };
const placements: Partial<Readonly<Record<ConstraintField, Placement>>> = {
  maxDropPp: {
    at: (wanted, { accuracy }) => accuracy - wanted / 100,
    wanted: (at, { accuracy }) => 100 * (accuracy - at),
  },
  maxMemoryBytes: {
    at: (wanted, { peakActivationBytes = 0 }) => wanted - peakActivationBytes,
    wanted: (at, { peakActivationBytes = 0 }) => at + peakActivationBytes,
  },
};

function placementOf(field: ConstraintField): Placement {
  return placements[field] ?? asItIs;
}

/** What is wanted where a line of this constraint stands. */
export function wantedAt(field: ConstraintField, at: number, backbone: BackbonePoint): number {
  return placementOf(field).wanted(at, backbone);
}

/** The use case on a chart with this axis. */
export function chartedConstraints(
  useCase: UseCase,
  axis: Axis,
  backbone: BackbonePoint,
): ChartedConstraints {
  const lines: ConstraintLine[] = [];
  const others: string[] = [];
  for (const { field } of constraints) {
    const wanted = useCase[field];
    if (wanted === undefined) continue;
    const label = describeConstraint(field, wanted, useCase.latency);
    if (isOnChart(field, axis, useCase))
      lines.push({
        field,
        direction: directionOf(field),
        at: placementOf(field).at(wanted, backbone),
        label,
      });
    else others.push(label);
  }
  return { lines, others };
}

function isOnChart(field: ConstraintField, axis: Axis, useCase: UseCase): boolean {
  if (directionOf(field) === "horizontal") return true;
  return field === "maxLatencyMs" ? axis.latency === useCase.latency : axis.limits.includes(field);
}

export function directionOf(field: ConstraintField): ConstraintLine["direction"] {
  return constraintOf(field).about === "accuracy" ? "horizontal" : "vertical";
}

/** What a chart shows whatever else it shows: the backbone, and where the constraints lie from it. */
export function keyPlaces(
  { lines }: ChartedConstraints,
  backbone: BackbonePoint,
  axis: Axis,
): readonly Place[] {
  const here = backbonePlace(backbone, axis);
  const limits = lines.map(({ direction, at }) =>
    direction === "horizontal" ? { ...here, y: at } : { ...here, x: at },
  );
  return [here, ...limits];
}
