import type { Job } from "../base/job.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import type { CountedPoint } from "../files/field-counts.ts";
import type { PlanExit } from "../model/plan.ts";
import { fromPlanExits, toPlanExits } from "../space/plan-exits.ts";
import { referenceAccuracy } from "../space/reference-point.ts";
import { effectiveSamples, type SearchSpace } from "../space/search-space.ts";
import { compareField, isShifted } from "./compare-field.ts";
import { latencyOfRates, measuredLatency, type PredictInterval } from "./field-latency.ts";
import type { FieldReport } from "./field-report.ts";
import { type MatchedSpace, matchField } from "./match-field.ts";
import { observedInField, observedSamples } from "./observed-exits.ts";
import { refitThresholds } from "./refit-thresholds.ts";

/** Of fewer samples thresholds would be chosen by chance. */
const fewestSamples = 100;

/** What the field is compared with. */
export interface MonitoredPlan {
  /** The plan's networks on the samples that it was chosen on. */
  readonly space: SearchSpace;
  /** With the thresholds that were counted. */
  readonly exits: readonly PlanExit[];
  /** What a profile may be off; says nothing of plans that it can't price. */
  readonly predict: PredictInterval;
}

/**
 * What the counts of a plan in the field say: whether it meets there what it was made with, what it takes, and which
 * thresholds of the same exits are most accurate there in the mean latency that it takes on calibration.
 * @param point of at least one input and one exit
 * @throws AppError 'file-invalid' if the space lacks one of the exits, 'cancelled'
 */
export async function monitorField(
  { space, exits, predict }: MonitoredPlan,
  point: CountedPoint,
  job: Job,
): Promise<FieldReport> {
  const placed = fromPlanExits(space, exits);
  const field = observedInField(point);
  const comparison = await compareField(field, observedSamples(space, placed), job);
  const expected = evaluatePlan(space, placed);
  const rates = field.left.map((count) => count / field.inputs);
  const { meanMs, intervalMs } = latencyOfRates(space, placed, rates, field.inputs, predict);
  const matched = await matchField(space, placed, field, job);
  const calibrationMs = expected.latencyMs.mean;
  return {
    point: point.name,
    inputs: field.inputs,
    samples: Math.round(effectiveSamples(space)),
    exits: toPlanExits(space, placed),
    isShifted: isShifted(comparison),
    comparison,
    latency: { calibrationMs, fieldMs: meanMs, intervalMs, measured: measuredLatency(point) },
    ...(matched && (await estimatesOn(matched))),
  };

  async function estimatesOn({ space: there, unmatched, residual }: MatchedSpace) {
    const worth = effectiveSamples(there);
    const estimate = {
      effectiveSamples: worth,
      unmatched,
      residual,
      accuracy: evaluatePlan(there, placed).accuracy,
      calibrationAccuracy: expected.accuracy,
      backboneAccuracy: referenceAccuracy(there),
    };
    if (worth < fewestSamples) return { estimate };
    const refitted = await refitThresholds(there, placed, calibrationMs, job);
    const { exitRates } = refitted.figures;
    const { intervalMs } = latencyOfRates(space, refitted.exits, exitRates, worth, predict);
    return { estimate, refitted: { ...refitted, exits: toPlanExits(space, refitted.exits), intervalMs } };
  }
}
