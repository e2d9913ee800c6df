import { checkConstraints, type Unit, units } from "../../../shared/model/constraints.ts";
import type { PlanFigures } from "../../../shared/model/plan.ts";
import type { ReportData } from "./report-data.ts";

/** A constraint of the use case beside what the plan does. */
export interface ConstraintCheck extends Pick<Unit, "format" | "formatGap"> {
  readonly title: string;
  /** Whether `wanted` is the most or the least that is allowed. */
  readonly bound: "most" | "least";
  readonly wanted: number;
  /** On the calibration split, where the plan was chosen. */
  readonly chosen: number;
  /** Measured on the test split. */
  readonly measured: number;
}

/** Shares are exact, their differences and percentages aren't. */
const rounding = 1e-9;

/** By how much a value breaks the constraint, in its unit; 0 if it keeps to it. */
export function missedBy({ bound, wanted }: ConstraintCheck, value: number): number {
  const gap = bound === "most" ? value - wanted : wanted - value;
  return gap > rounding ? gap : 0;
}

/** Every constraint that the plan was chosen under; the default drop where the use case states none. */
export function constraintChecks(data: ReportData): ConstraintCheck[] {
  const { front, summary } = data;
  const { useCase } = summary;
  const chosen = { figures: front.recommended.figures, backboneAccuracy: front.backbone.accuracy };
  const measured = {
    figures: measuredFigures(data),
    backboneAccuracy: summary.plan.measured.accuracy + summary.accuracyDropPp / 100,
  };
  return checkConstraints(useCase, chosen).map(({ constraint, wanted, got }) => {
    const { field, bound, name, unit } = constraint;
    const { format, formatGap } = units[unit];
    return {
      title: `${name(useCase.latency)}${useCase[field] === undefined ? " (the default)" : ""}`,
      bound,
      wanted,
      chosen: got,
      measured: constraint.got(measured, useCase.latency),
      format,
      formatGap,
    };
  });
}

function measuredFigures({ summary: { plan }, backbone }: ReportData): PlanFigures {
  const { measured, exitRates, macs, bytes } = plan;
  return {
    accuracy: measured.accuracy,
    latencyMs: measured.latencyMs,
    exitRates: exitRates.measured,
    macs,
    bytes,
    peakActivationBytes: backbone.peakActivationBytes,
  };
}
