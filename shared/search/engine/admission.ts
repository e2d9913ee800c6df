import { groupPercentile } from "../../evaluate/latency-measure.ts";
import type { Spread } from "../../evaluate/reference/sweep-state.ts";
import { constraintOf, ROUNDING, spreadFields } from "../../model/constraints.ts";
import type { PlanFigures } from "../../model/plan.ts";
import type { UseCase } from "../../model/use-case.ts";

/**
 * Whether plans meet the limits of a use case on how samples spread over their exits. The front has no axis for
 * those, so a search has to look at every plan that it would take in.
 * @returns nothing if the use case has no such limit
 */
export function figuresAdmission(useCase: UseCase): ((figures: PlanFigures) => boolean) | undefined {
  const limits = spreadFields.flatMap((field) => {
    const wanted = useCase[field];
    return wanted === undefined ? [] : [{ wanted, excess: constraintOf(field).excess }];
  });
  if (limits.length === 0) return undefined;
  return (figures) =>
    limits.every(
      ({ wanted, excess }) => excess(wanted, { figures, backboneAccuracy: 0 }, useCase.latency) <= ROUNDING,
    );
}

/**
 * The same from how the samples of a swept plan leave.
 * @param samples of the split
 */
export function createAdmission(
  useCase: UseCase,
  samples: number,
): ((spread: Spread) => boolean) | undefined {
  const admits = figuresAdmission(useCase);
  if (!admits) return undefined;
  const latencyMs = { mean: 0, p50: 0, p95: 0, worst: 0 };
  const exitRates = [0];
  const figures: PlanFigures = { accuracy: 0, latencyMs, exitRates, macs: 0, bytes: 0 };

  return ({ counts, costs, groups }) => {
    latencyMs.p95 = groupPercentile(counts, costs, groups, samples, 95);
    latencyMs.worst = groupPercentile(counts, costs, groups, samples, 100);
    exitRates[0] = counts[groups - 1] / samples;
    return admits(figures);
  };
}
