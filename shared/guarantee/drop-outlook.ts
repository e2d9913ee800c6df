import { z } from "zod";
import { normalTail } from "../base/chi-square.ts";
import { share } from "../model/bounds.ts";
import { isBackbone } from "../model/plan.ts";
import type { UseCase } from "../model/use-case.ts";
import { correctOfReference, type SearchSpace } from "../space/search-space.ts";
import { dropBound, dropWithin } from "./drop-odds.ts";
import {
  countDeviation,
  countEvidence,
  type PlanEvidence,
  type RiskLimits,
  riskLimits,
} from "./plan-evidence.ts";
import { biasAt, type SelectionBias } from "./selection-bias.ts";

/** What is to be expected of a plan's accuracy drop on new images. */
export const dropOutlookSchema = z.object({
  /** The drop stays within this with the confidence that goes with it, percentage points. */
  upperBoundPp: z.number().min(-100).max(100),
  /** How probably what is wanted of the accuracy is kept; absent where nothing is wanted of it. */
  keptProbability: share.optional(),
});

export type DropOutlook = Readonly<z.infer<typeof dropOutlookSchema>>;

/**
 * What the samples that a plan was chosen on show of others: what choosing flatters it by is counted as so many more samples
 * lost. A plan that changes nothing has no drop.
 * @param evidence on the samples that the plan was chosen on
 */
export function dropOutlook(
  evidence: PlanEvidence,
  bias: SelectionBias,
  limits: RiskLimits,
  confidence: number,
  isBackbone: boolean,
): DropOutlook {
  const expected = isBackbone ? evidence : withoutBias(evidence, bias);
  return {
    upperBoundPp: isBackbone ? 0 : 100 * dropBound(expected, confidence),
    keptProbability: keptProbability(expected, limits, isBackbone),
  };
}

/** How a search's plans are judged. */
export interface DropJudgement {
  readonly bias: SelectionBias;
  readonly confidence: number;
  readonly useCase: UseCase;
}

/**
 * The outlook of a plan that was sent through a space.
 * @param correct whether the plan is right, per sample [samples]
 */
export function routedOutlook(
  plan: Parameters<typeof isBackbone>[0],
  correct: Uint8Array,
  space: SearchSpace,
  { bias, confidence, useCase }: DropJudgement,
): DropOutlook {
  const evidence = countEvidence(correct, correctOfReference(space));
  return dropOutlook(evidence, bias, riskLimits(useCase), confidence, isBackbone(plan));
}

/** What the same plan is expected to have on as many other samples. */
export function withoutBias(evidence: PlanEvidence, bias: SelectionBias): PlanEvidence {
  const { samples, right, lost, gained } = evidence;
  const dropPp = (100 * (lost - gained)) / samples;
  const flattered = Math.min(biasAt(bias, dropPp) * countDeviation(evidence), right, samples - lost - gained);
  return { samples, gained, lost: lost + flattered, right: right - flattered };
}

/**
 * Where a drop and an accuracy are wanted both, as if one said nothing of the other; they rather go together.
 */
function keptProbability(
  evidence: PlanEvidence,
  { maxDrop, minAccuracy }: RiskLimits,
  isBackbone: boolean,
): number | undefined {
  if (maxDrop === undefined && minAccuracy === undefined) return undefined;
  const ofDrop = maxDrop === undefined || isBackbone ? 1 : dropWithin(evidence, maxDrop);
  return ofDrop * (minAccuracy === undefined ? 1 : accuracyAbove(evidence, minAccuracy));
}

/** The score test of a share. */
function accuracyAbove({ samples, right }: PlanEvidence, floor: number): number {
  const spare = right - samples * floor;
  if (floor <= 0 || floor >= 1) return spare >= 0 ? 1 : 0;
  return normalTail(-spare / Math.sqrt(samples * floor * (1 - floor)));
}
