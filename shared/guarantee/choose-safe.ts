import { normalQuantile } from "../base/chi-square.ts";
import type { Job } from "../base/job.ts";
import { createLiveEvaluator } from "../evaluate/live/live-evaluator.ts";
import { checkConstraints } from "../model/constraints.ts";
import type { UseCase } from "../model/use-case.ts";
import type { PlacedPlan } from "../search/engine/front-point.ts";
import { referenceAccuracy } from "../space/reference-point.ts";
import { correctOfReference, type SearchSpace } from "../space/search-space.ts";
import { thresholdGrid } from "../space/threshold-grid.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";
import { dropOutlook, withoutBias } from "./drop-outlook.ts";
import {
  countEvidence,
  type PlanEvidence,
  type RiskLimits,
  riskLimits,
  safetyMargin,
} from "./plan-evidence.ts";
import type { SelectionBias } from "./selection-bias.ts";
import { stricterPlans } from "./test-order.ts";

export interface SafeChoice {
  /** The fastest plan whose wish is kept so probably; undefined if there is none that is faster than the backbone. */
  readonly exits?: readonly ThresholdedExit[];
  /** About how many images would show one to be; only if there is none, and one would be shown by any number. */
  readonly samplesNeeded?: number;
}

/** Nobody would label more images than this for it. */
const MAX_SAMPLES = 1e7;

/** What is looked for: plans that keep these limits so probably. */
export interface SafeTask {
  readonly space: SearchSpace;
  readonly useCase: UseCase;
  readonly bias: SelectionBias;
  readonly confidence: number;
}

/**
 * Chooses among the front's plans and stricter forms of each, that meet the use case's other constraints.
 * @returns undefined if nothing is wanted of the accuracy
 * @throws AppError 'cancelled'
 */
export async function chooseSafe(
  { space, useCase, bias, confidence }: SafeTask,
  front: readonly PlacedPlan[],
  job: Job,
): Promise<SafeChoice | undefined> {
  const limits = riskLimits(useCase);
  if (limits.maxDrop === undefined && limits.minAccuracy === undefined) return undefined;
  const grid = thresholdGrid(space);
  const evaluator = createLiveEvaluator(space);
  const backboneAccuracy = referenceAccuracy(space);
  let fastestMs = space.backboneMs;
  let exits: SafeChoice["exits"];
  let samplesNeeded = Number.POSITIVE_INFINITY;
  for (const { exits: own } of front) {
    if (own.length === 0) continue;
    await job.pause();
    for (const stricter of stricterPlans(own, grid)) {
      const figures = evaluator.evaluate(stricter);
      const latencyMs = figures.latencyMs[useCase.latency];
      if (latencyMs >= fastestMs || !meetsOthers(useCase, { figures, backboneAccuracy })) continue;
      const evidence = countEvidence(evaluator.routing.correct, correctOfReference(space));
      const { keptProbability = 0 } = dropOutlook(evidence, bias, limits, confidence, false);
      if (keptProbability >= confidence) [fastestMs, exits] = [latencyMs, stricter];
      else {
        const { margin, samples } = expectation(evidence, bias, limits, confidence);
        if (margin > 0) samplesNeeded = Math.min(samplesNeeded, samples);
      }
    }
  }
  if (exits) return { exits };
  return { samplesNeeded: saidSamples(samplesNeeded) };
}

function meetsOthers(useCase: UseCase, judged: Parameters<typeof checkConstraints>[1]): boolean {
  return checkConstraints(useCase, judged).every(
    ({ constraint, isMet }) => isMet || constraint.about === "accuracy",
  );
}

/** By how many standard deviations a plan keeps its wish, if it goes on as it is expected to, and how many samples would show it. */
function expectation(
  evidence: PlanEvidence,
  bias: SelectionBias,
  limits: RiskLimits,
  confidence: number,
): { readonly margin: number; readonly samples: number } {
  const margin = safetyMargin(withoutBias(evidence, bias), limits, evidence.samples);
  return { margin, samples: evidence.samples * (normalQuantile(confidence) / margin) ** 2 };
}

/** As it is said; undefined where there are more than anybody would label. */
function saidSamples(samples: number): number | undefined {
  return samples <= MAX_SAMPLES ? Number(samples.toPrecision(2)) : undefined;
}

/** How many samples would settle whether the wish is kept or not, if the plan went on as it is expected to. */
export function samplesToSettle(...known: Parameters<typeof expectation>): number | undefined {
  return saidSamples(expectation(...known).samples);
}
