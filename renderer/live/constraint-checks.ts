import type { PlanFigures } from "../../shared/domain/plan.ts";
import type { UseCase } from "../../shared/domain/use-case.ts";
import { formatBytes, formatMs, formatPercent, formatPoints } from "../../shared/format-number.ts";
import { DEFAULT_MAX_DROP_PP } from "../../shared/search/recommend.ts";

/** A constraint of the use case, and by how much a plan keeps to it. */
export interface ConstraintCheck {
  /** As "mean latency ≤ 0.60 ms". */
  readonly wanted: string;
  readonly met: boolean;
  /** The distance to the limit, as "0.12 ms". */
  readonly gap: string;
}

/** Shares are exact, their differences and percentages aren't. */
const rounding = 1e-9;

/** Every constraint of the use case; the default drop where it states none, as the search takes it. */
export function checkConstraints(
  { latency, maxLatencyMs, minAccuracy, maxDropPp, maxBytes }: UseCase,
  figures: PlanFigures,
  backboneAccuracy: number,
): ConstraintCheck[] {
  const checks: ConstraintCheck[] = [];
  const check = (wanted: string, spare: number, format: (value: number) => string) =>
    checks.push({ wanted, met: spare >= -rounding, gap: format(Math.abs(spare)) });
  if (maxLatencyMs !== undefined)
    check(
      `${latency} latency ≤ ${formatMs(maxLatencyMs)}`,
      maxLatencyMs - figures.latencyMs[latency],
      formatMs,
    );
  if (minAccuracy !== undefined)
    check(`accuracy ≥ ${formatPercent(minAccuracy)}`, 100 * (figures.accuracy - minAccuracy), formatPoints);
  const drop = maxDropPp ?? (checks.length === 0 ? DEFAULT_MAX_DROP_PP : undefined);
  if (drop !== undefined)
    check(
      `accuracy drop ≤ ${formatPoints(drop)}${maxDropPp === undefined ? " (the default)" : ""}`,
      drop - 100 * (backboneAccuracy - figures.accuracy),
      formatPoints,
    );
  if (maxBytes !== undefined) check(`size ≤ ${formatBytes(maxBytes)}`, maxBytes - figures.bytes, formatBytes);
  return checks;
}
