import type { Job } from "../base/job.ts";
import type { UseCase } from "../model/use-case.ts";
import type { PlacedPlan } from "../search/engine/front-point.ts";
import { type Recommendation, recommend } from "../search/engine/recommend.ts";
import type { SearchSpace } from "../space/search-space.ts";
import type { SplitSpace } from "../space/split-space.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";
import { controlPlans } from "./control-plans.ts";
import { smallestDropBound } from "./drop-test.ts";
import type { Guarantee } from "./guarantee.ts";
import { type PlanEvidence, planEvidence, planPValue, type RiskLimits, riskLimits } from "./plan-evidence.ts";
import { testOrder } from "./test-order.ts";

export interface ControlledChoice {
  /** Of the plans that passed what the use case calls for, figures of the whole split; undefined if none passed. */
  readonly chosen?: Recommendation;
  readonly guarantee: Guarantee;
}

/** A use case that wants a guarantee. */
export type ConfidentUseCase = UseCase & { readonly confidence: number };

export function hasConfidence(useCase: UseCase): useCase is ConfidentUseCase {
  return useCase.confidence !== undefined;
}

/**
 * Chooses a plan that meets the use case's accuracy limits with its `confidence`. One part of the samples is for finding
 * plans and putting them in order, the other for testing them, see {@link controlPlans}.
 * @param front found on the design part
 * @param plain what the whole split would have chosen
 * @throws AppError 'cancelled'
 */
export async function chooseControlled(
  space: SearchSpace,
  { design, control }: SplitSpace,
  front: readonly PlacedPlan[],
  useCase: ConfidentUseCase,
  plain: Recommendation,
  job: Job,
): Promise<ControlledChoice> {
  const { confidence } = useCase;
  const level = 1 - confidence;
  const limits = riskLimits(useCase);
  const order = await testOrder(design, front, useCase, control.samples, job);
  const { passed, tested } = await controlPlans(control, order, limits, level, job);
  const plans = passed.map((exits) => ({ exits }));
  const chosen = plans.length > 0 ? recommend(space, plans, useCase) : undefined;
  const { exits } = (chosen ?? plain).point;
  const evidence = planEvidence(control, exits);
  const isAlone = passed.every((plan) => plan.length === 0);
  const guarantee: Guarantee = {
    confidence,
    maxDropPp: limits.maxDrop === undefined ? undefined : 100 * limits.maxDrop,
    minAccuracy: limits.minAccuracy,
    method: "fixed-sequence",
    designSamples: design.samples,
    controlSamples: control.samples,
    tested,
    passed: passed.length,
    holds: chosen !== undefined,
    dropPp: (100 * (evidence.lost - evidence.gained)) / control.samples,
    upperBoundPp: exits.length === 0 ? 0 : 100 * smallestDropBound(evidence, level),
    samplesNeeded: isAlone ? samplesNeeded(space, order, limits, level, control.samples) : undefined,
  };
  return { chosen, guarantee };
}

/** Nobody would label more samples than this for it. */
const MAX_SAMPLES = 1e7;

/**
 * How large a split the safest plan with exits would need to pass if it went on as it does on this one; undefined if it
 * would never.
 */
function samplesNeeded(
  space: SearchSpace,
  order: readonly (readonly ThresholdedExit[])[],
  limits: RiskLimits,
  level: number,
  controlSamples: number,
): number | undefined {
  const safest = order.find((exits) => exits.length > 0);
  if (!safest) return undefined;
  const evidence = planEvidence(space, safest);
  const controlShare = controlSamples / space.samples;
  for (let samples = space.samples; samples <= MAX_SAMPLES; samples *= 1.25) {
    const tested = scaled(evidence, (samples * controlShare) / space.samples);
    if (planPValue(tested, limits, level, false) <= level) return Number(samples.toPrecision(2));
  }
  return undefined;
}

function scaled(evidence: PlanEvidence, factor: number): PlanEvidence {
  const { samples, right, lost, gained } = evidence;
  return {
    samples: Math.round(factor * samples),
    right: Math.round(factor * right),
    lost: Math.round(factor * lost),
    gained: Math.round(factor * gained),
  };
}
