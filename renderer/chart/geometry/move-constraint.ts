import type { ConstraintField, UseCase } from "../../../shared/model/use-case.ts";
import type { Axis } from "../../../shared/presentation/chart/axes.ts";
import {
  type ConstraintLine,
  directionOf,
  wantedAt,
} from "../../../shared/presentation/chart/constraint-lines.ts";
import type { BackbonePoint } from "../../../shared/presentation/plans/backbone-point.ts";

/** Constraints that could still be drawn on this chart, dragged out from its edges. */
export function missingConstraints(useCase: UseCase, axis: Axis): ConstraintField[] {
  const fields: ConstraintField[] = [];
  if (useCase.maxDropPp === undefined && useCase.minAccuracy === undefined) fields.push("maxDropPp");
  if (axis.latency && useCase.maxLatencyMs === undefined) fields.push("maxLatencyMs");
  if (axis.id === "energy" && useCase.maxEnergyMillijoules === undefined) fields.push("maxEnergyMillijoules");
  if (axis.id === "bytes" && useCase.maxBytes === undefined) fields.push("maxBytes");
  return fields;
}

/**
 * What the use case becomes when a line is put somewhere; values are rounded to what a person would write.
 * @param at in the axis' unit, accuracy as share
 */
export function moveConstraint(
  field: ConstraintField,
  at: number,
  axis: Axis,
  backbone: BackbonePoint,
): Partial<UseCase> {
  const wanted = wantedAt(field, at, backbone);
  switch (field) {
    case "maxDropPp":
      return { maxDropPp: clamp(rounded(wanted, 2), 0, 100) };
    case "minAccuracy":
      return { minAccuracy: clamp(rounded(wanted, 4), 0, 1) };
    case "maxLatencyMs":
      // A budget that is dragged out on an axis is about that axis' latency.
      return { maxLatencyMs: threeDigits(wanted), ...(axis.latency ? { latency: axis.latency } : {}) };
    default:
      return { [field]: threeDigits(wanted) };
  }
}

/** One press of an arrow key, in the axis' unit. @param large with Shift */
export function constraintStep(line: Pick<ConstraintLine, "field" | "at">, large: boolean): number {
  const step = directionOf(line.field) === "horizontal" ? 0.0005 : 0.01 * line.at;
  return large ? 5 * step : step;
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

function threeDigits(value: number): number {
  return Number(Math.max(value, 1e-6).toPrecision(3));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
