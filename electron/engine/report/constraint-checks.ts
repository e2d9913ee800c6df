import { formatBytes, formatMs, formatPercent, formatPoints } from "../../../shared/format-number.ts";
import { DEFAULT_MAX_DROP_PP } from "../../../shared/search/recommend.ts";
import type { ReportData } from "./report-data.ts";

/** A constraint of the use case beside what the plan does. */
export interface ConstraintCheck {
  readonly title: string;
  /** Whether `wanted` is the most or the least that is allowed. */
  readonly bound: "most" | "least";
  readonly wanted: number;
  /** On the calibration split, where the plan was chosen. */
  readonly chosen: number;
  /** Measured on the test split. */
  readonly measured: number;
  readonly format: (value: number) => string;
  /** Formats by how much `wanted` is missed. */
  readonly formatGap: (value: number) => string;
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
  const { maxLatencyMs, minAccuracy, maxDropPp, maxBytes, latency } = summary.useCase;
  const { measured } = summary.plan;
  const chosen = front.recommended.figures;
  const checks: ConstraintCheck[] = [];
  if (maxLatencyMs !== undefined)
    checks.push({
      title: `${latency} latency`,
      bound: "most",
      wanted: maxLatencyMs,
      chosen: chosen.latencyMs[latency],
      measured: measured.latencyMs[latency],
      format: formatMs,
      formatGap: formatMs,
    });
  if (minAccuracy !== undefined)
    checks.push({
      title: "accuracy",
      bound: "least",
      wanted: minAccuracy,
      chosen: chosen.accuracy,
      measured: measured.accuracy,
      format: formatPercent,
      formatGap: (gap) => formatPoints(100 * gap),
    });
  const drop = maxDropPp ?? (checks.length === 0 ? DEFAULT_MAX_DROP_PP : undefined);
  if (drop !== undefined)
    checks.push({
      title: maxDropPp === undefined ? "accuracy drop (the default)" : "accuracy drop",
      bound: "most",
      wanted: drop,
      chosen: 100 * (front.backbone.accuracy - chosen.accuracy),
      measured: summary.accuracyDropPp,
      format: formatPoints,
      formatGap: formatPoints,
    });
  if (maxBytes !== undefined)
    checks.push({
      title: "size of all weights",
      bound: "most",
      wanted: maxBytes,
      chosen: chosen.bytes,
      measured: summary.plan.bytes,
      format: formatBytes,
      formatGap: formatBytes,
    });
  return checks;
}
