import type { Job } from "../base/job.ts";
import { isBackbone } from "../model/plan.ts";
import type { UseCase } from "../model/use-case.ts";
import { recommendAcrossSpaces } from "../search/designs/recommend-across-spaces.ts";
import type { PlacedPlan } from "../search/engine/front-point.ts";
import type { Recommendation } from "../search/engine/recommend.ts";
import { type DesignSpace, spaceOfPlan } from "../space/design-space.ts";
import type { SplitSpaces } from "../space/split-space.ts";
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
 * @param spaces the backbone alone first
 * @param front found on the design part
 * @param plain what the whole split would have chosen
 * @throws AppError 'cancelled'
 */
export async function chooseControlled(
  spaces: readonly DesignSpace[],
  { design, control }: SplitSpaces,
  front: readonly PlacedPlan[],
  useCase: ConfidentUseCase,
  plain: Recommendation,
  job: Job,
): Promise<ControlledChoice> {
  const { confidence } = useCase;
  const level = 1 - confidence;
  const limits = riskLimits(useCase);
  const [designSamples, controlSamples] = [design, control].map(([{ space }]) => space.samples);
  const order = await testOrder(design, front, useCase, controlSamples, job);
  const { passed, tested } = await controlPlans(control, order, limits, level, job);
  const chosen = passed.length > 0 ? recommendAcrossSpaces(spaces, passed, useCase) : undefined;
  const { point } = chosen ?? plain;
  const evidence = planEvidence(spaceOfPlan(control, point).space, point.exits);
  const guarantee: Guarantee = {
    confidence,
    maxDropPp: limits.maxDrop === undefined ? undefined : 100 * limits.maxDrop,
    minAccuracy: limits.minAccuracy,
    method: "fixed-sequence",
    designSamples,
    controlSamples,
    tested,
    passed: passed.length,
    holds: chosen !== undefined,
    dropPp: (100 * (evidence.lost - evidence.gained)) / controlSamples,
    upperBoundPp: isBackbone(point) ? 0 : 100 * smallestDropBound(evidence, level),
    samplesNeeded: passed.every(isBackbone)
      ? samplesNeeded(spaces, order, limits, level, controlSamples)
      : undefined,
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
  spaces: readonly DesignSpace[],
  order: readonly PlacedPlan[],
  limits: RiskLimits,
  level: number,
  controlSamples: number,
): number | undefined {
  const safest = order.find((plan) => !isBackbone(plan));
  if (!safest) return undefined;
  const { space } = spaceOfPlan(spaces, safest);
  const evidence = planEvidence(space, safest.exits);
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
