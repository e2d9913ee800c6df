import { binomialTail } from "../base/binomial.ts";
import { routeSamples } from "../evaluate/evaluate-plan.ts";
import { withDefaultDrop } from "../model/constraints.ts";
import type { UseCase } from "../model/use-case.ts";
import { correctOfReference, type SearchSpace } from "../space/search-space.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";
import { dropPValue, type PairedCounts } from "./drop-test.ts";

/** What samples say of a plan's accuracy, by itself and against the backbone's. */
export interface PlanEvidence extends PairedCounts {
  /** Samples that the plan has right. */
  readonly right: number;
}

export function planEvidence(space: SearchSpace, exits: readonly ThresholdedExit[]): PlanEvidence {
  return countEvidence(routeSamples(space, exits).correct, correctOfReference(space));
}

/** @param correct of the plan and of the backbone, per sample [samples], 1 right, 0 wrong */
export function countEvidence(correct: Uint8Array, backboneCorrect: Uint8Array): PlanEvidence {
  let right = 0;
  let lost = 0;
  let gained = 0;
  for (let sample = 0; sample < correct.length; sample++) {
    right += correct[sample];
    if (correct[sample] < backboneCorrect[sample]) lost++;
    else if (correct[sample] > backboneCorrect[sample]) gained++;
  }
  return { samples: correct.length, right, lost, gained };
}

/** Standard deviation of the samples that a plan loses more than it gains; of few changes as if there were one. */
export function countDeviation({ lost, gained }: PairedCounts): number {
  return Math.sqrt(Math.max(1, lost + gained));
}

/** What of a use case can be guaranteed, as shares. */
export interface RiskLimits {
  readonly maxDrop?: number;
  readonly minAccuracy?: number;
}

export function riskLimits(useCase: UseCase): RiskLimits {
  const { maxDropPp, minAccuracy } = withDefaultDrop(useCase);
  return { maxDrop: maxDropPp === undefined ? undefined : maxDropPp / 100, minAccuracy };
}

/**
 * How probable such evidence, or better, is at the most if the plan breaks one of the limits: the largest of the
 * limits' p-values. A plan that changes nothing has no drop, whatever the samples say.
 */
export function planPValue(
  evidence: PlanEvidence,
  { maxDrop, minAccuracy }: RiskLimits,
  level: number,
  isWithoutDrop: boolean,
): number {
  const { samples, right } = evidence;
  const drop = maxDrop === undefined || isWithoutDrop ? 0 : dropPValue(evidence, maxDrop, level);
  if (minAccuracy === undefined || drop > level) return drop;
  return Math.max(drop, binomialTail(samples - right, samples, 1 - minAccuracy));
}

/**
 * By how many standard deviations a plan is expected to keep within the limits on so many other samples: orders
 * plans from safe to risky.
 */
export function safetyMargin(
  { samples, right, lost, gained }: PlanEvidence,
  { maxDrop, minAccuracy }: RiskLimits,
  others: number,
): number {
  const deviations = (spare: number, counted: number) =>
    spare / Math.sqrt(Math.max(1, counted) / (samples * others));
  const wrong = samples - right;
  return Math.min(
    maxDrop === undefined
      ? Number.POSITIVE_INFINITY
      : deviations(maxDrop - (lost - gained) / samples, lost + gained),
    minAccuracy === undefined
      ? Number.POSITIVE_INFINITY
      : deviations(right / samples - minAccuracy, (wrong * right) / samples),
  );
}
