import { constraintOf, ROUNDING, spreadFields } from "../domain/constraints.ts";
import type { PlanFigures } from "../domain/plan.ts";
import type { UseCase } from "../domain/use-case.ts";
import { groupPercentile } from "../evaluate/latency-measure.ts";
import type { SweepResult } from "../evaluate/sweep.ts";
import type { SweepEvaluator } from "../evaluate/sweep-evaluator.ts";
import type { Spread } from "../evaluate/sweep-state.ts";

export type Admission = (spread: Spread) => boolean;

/**
 * Gives plans that aren't admitted figures than which nothing is worse, so that a search looks elsewhere.
 * @param result of the evaluator's last sweep; changed in place
 * @param hopelessMs a latency above that of any plan
 */
export function strikeOut(
  admits: Admission,
  evaluator: SweepEvaluator,
  result: SweepResult,
  hopelessMs: number,
): void {
  for (let entry = 0; entry < result.entries; entry++) {
    if (admits(evaluator.spread(result, entry))) continue;
    result.right[entry] = 0;
    result.latencyMs[entry] = hopelessMs;
  }
}

/**
 * Whether plans keep to the limits of a use case on how samples spread over their exits. The front has no axis for
 * those, so a search has to look at every plan that it would take in.
 * @param samples of the split
 * @returns nothing if the use case has no such limit
 */
export function createAdmission(
  useCase: UseCase,
  samples: number,
): Admission | undefined {
  const limits = spreadFields.flatMap((field) => {
    const wanted = useCase[field];
    return wanted === undefined ? [] : [{ wanted, excess: constraintOf(field).excess }];
  });
  if (limits.length === 0) return undefined;
  const latencyMs = { mean: 0, p50: 0, p95: 0, worst: 0 };
  const exitRates = [0];
  const figures: PlanFigures = { accuracy: 0, latencyMs, exitRates, macs: 0, bytes: 0 };
  const judged = { figures, backboneAccuracy: 0 };

  return ({ counts, costs, groups }) => {
    latencyMs.p95 = groupPercentile(counts, costs, groups, samples, 95);
    latencyMs.worst = groupPercentile(counts, costs, groups, samples, 100);
    exitRates[0] = counts[groups - 1] / samples;
    return limits.every(({ wanted, excess }) => excess(wanted, judged, useCase.latency) <= ROUNDING);
  };
}
