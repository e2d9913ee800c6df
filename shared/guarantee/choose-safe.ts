import { normalQuantile } from "../base/chi-square.ts";
import type { Job } from "../base/job.ts";
import { createLiveEvaluator } from "../evaluate/live/live-evaluator.ts";
import { checkConstraints } from "../model/constraints.ts";
import { costOf, isBackbone } from "../model/plan.ts";
import type { UseCase } from "../model/use-case.ts";
import type { PlacedPlan } from "../search/engine/front-point.ts";
import { type DesignSpace, spaceOfPlan } from "../space/design-space.ts";
import { onAxis } from "../space/energy-axis.ts";
import { oncePerSpace } from "../space/once-per-space.ts";
import { referenceAccuracy } from "../space/reference-point.ts";
import { correctOfReference } from "../space/search-space.ts";
import { thresholdGrid } from "../space/threshold-grid.ts";
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
  readonly plan?: PlacedPlan;
  /** About how many images would show one to be; only if there is none, and one would be shown by any number. */
  readonly samplesNeeded?: number;
}

/** Nobody would label more images than this for it. */
const MAX_SAMPLES = 1e7;

/** What is looked for: plans that keep these limits so probably. */
export interface SafeTask {
  /** The backbone alone first. */
  readonly spaces: readonly DesignSpace[];
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
  { spaces, useCase, bias, confidence }: SafeTask,
  front: readonly PlacedPlan[],
  job: Job,
): Promise<SafeChoice | undefined> {
  const limits = riskLimits(useCase);
  if (limits.maxDrop === undefined && limits.minAccuracy === undefined) return undefined;
  const gridOf = oncePerSpace(thresholdGrid);
  const evaluatorOf = oncePerSpace(createLiveEvaluator);
  const backboneAccuracy = referenceAccuracy(spaces[0].space);
  let fastestMs = onAxis(spaces[0].space, useCase).backboneMs;
  let safe: PlacedPlan | undefined;
  let samplesNeeded = Number.POSITIVE_INFINITY;
  for (const plan of front) {
    if (isBackbone(plan)) continue;
    await job.pause();
    const { space } = spaceOfPlan(spaces, plan);
    const evaluator = evaluatorOf(space);
    for (const exits of stricterPlans(plan.exits, gridOf(space))) {
      const figures = evaluator.evaluate(exits);
      const latencyMs = costOf(figures, useCase);
      if (latencyMs >= fastestMs || !meetsOthers(useCase, { figures, backboneAccuracy })) continue;
      const evidence = countEvidence(evaluator.routing.correct, correctOfReference(space));
      const { keptProbability = 0 } = dropOutlook(evidence, bias, limits, confidence, false);
      if (keptProbability >= confidence) [fastestMs, safe] = [latencyMs, { ...plan, exits }];
      else {
        const { margin, samples } = expectation(evidence, bias, limits, confidence);
        if (margin > 0) samplesNeeded = Math.min(samplesNeeded, samples);
      }
    }
  }
  return safe ? { plan: safe } : { samplesNeeded: saidSamples(samplesNeeded) };
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
