import { constraintOf, constraints, describeConstraint, units } from "../../../shared/model/constraints.ts";
import type { ConstraintField, Miss, UseCase } from "../../../shared/model/use-case.ts";
import type { Axis } from "./axes.ts";

/** A constraint of the use case as a line across the chart. */
export interface ConstraintLine {
  readonly field: ConstraintField;
  /** Horizontal lines bound accuracy from below, vertical ones the other axis from above. */
  readonly direction: "horizontal" | "vertical";
  /** In the axis' unit; accuracy as share, 0-1. */
  readonly at: number;
  readonly label: string;
}

/** The use case's lines on a chart with this axis. */
export function constraintLines(useCase: UseCase, axis: Axis, backboneAccuracy: number): ConstraintLine[] {
  return constraints.flatMap(({ field, about }) => {
    const wanted = useCase[field];
    if (wanted === undefined || !(about === "accuracy" || isOnAxis(field, axis, useCase))) return [];
    return {
      field,
      direction: directionOf(field),
      at: field === "maxDropPp" ? backboneAccuracy - wanted / 100 : wanted,
      label: describeConstraint(field, wanted, useCase.latency),
    };
  });
}

/** Whether an axis other than accuracy's shows what a constraint limits. */
function isOnAxis(field: ConstraintField, axis: Axis, useCase: UseCase): boolean {
  if (field === "maxLatencyMs") return axis.latency === useCase.latency;
  return axis.limits.includes(field);
}

/** Constraints that could still be drawn on this chart, dragged out from its edges. */
export function missingConstraints(useCase: UseCase, axis: Axis): ConstraintField[] {
  const fields: ConstraintField[] = [];
  if (useCase.maxDropPp === undefined && useCase.minAccuracy === undefined) fields.push("maxDropPp");
  if (axis.latency && useCase.maxLatencyMs === undefined) fields.push("maxLatencyMs");
  if (axis.id === "bytes" && useCase.maxBytes === undefined) fields.push("maxBytes");
  return fields;
}

export function directionOf(field: ConstraintField): ConstraintLine["direction"] {
  return constraintOf(field).about === "accuracy" ? "horizontal" : "vertical";
}

/**
 * What the use case becomes when a line is put somewhere; values are rounded to what a person would write.
 * @param at in the axis' unit, accuracy as share
 */
export function moveConstraint(
  field: ConstraintField,
  at: number,
  axis: Axis,
  backboneAccuracy: number,
): Partial<UseCase> {
  switch (field) {
    case "maxDropPp":
      return { maxDropPp: clamp(rounded(100 * (backboneAccuracy - at), 2), 0, 100) };
    case "minAccuracy":
      return { minAccuracy: clamp(rounded(at, 4), 0, 1) };
    case "maxLatencyMs":
      // A budget that is dragged out on an axis is about that axis' latency.
      return { maxLatencyMs: threeDigits(at), ...(axis.latency ? { latency: axis.latency } : {}) };
    default:
      return { [field]: threeDigits(at) };
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

/** A broken constraint in words: `accuracy drop 0.70 pp instead of 0.50 pp`. */
export function describeMiss({ constraint, wanted, got }: Miss, measure: UseCase["latency"]): string {
  const { name, unit } = constraintOf(constraint);
  const { format } = units[unit];
  return `${name(measure)} ${format(got)} instead of ${format(wanted)}`;
}
