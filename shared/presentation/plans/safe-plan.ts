import { type DropBounds, outlookOf, usualConfidence } from "../../guarantee/drop-bounds.ts";
import type { DropOutlook } from "../../guarantee/drop-outlook.ts";
import { checkConstraints, withDefaultDrop } from "../../model/constraints.ts";
import { costOf, isBackbone, type PartitionedPlan, type PlanFigures } from "../../model/plan.ts";
import type { UseCase } from "../../model/use-case.ts";

/** What plans are judged by where it is about new images. */
export interface OutlookBasis {
  readonly bounds: DropBounds | undefined;
  readonly useCase: UseCase;
  /** On the samples that plans were chosen on, and how many these are. */
  readonly backboneAccuracy: number;
  readonly samples: number;
}

interface FoundPlan {
  readonly plan: PartitionedPlan;
  readonly figures: PlanFigures;
}

/** A plan's outlook; undefined where there is none. */
export function knownOutlook(
  plan: PartitionedPlan,
  figures: PlanFigures,
  { bounds, useCase, ...rest }: OutlookBasis,
): DropOutlook | undefined {
  const outlook = outlookOf({ figures, isBackbone: isBackbone(plan), ...rest }, bounds, useCase);
  return "none" in outlook ? undefined : outlook;
}

/**
 * The fastest of these plans, or on a front of energies the one of least energy, that keeps what is wanted of the accuracy on new
 * images with the use case's confidence, and meets all other constraints; follows the wishes as they are dragged, among plans that are known.
 * @returns null if there is none, or nothing is wanted of the accuracy
 */
export function safePlan(plans: readonly FoundPlan[], basis: OutlookBasis): FoundPlan | null {
  const { useCase, backboneAccuracy } = basis;
  const { maxDropPp, minAccuracy, confidence = usualConfidence } = withDefaultDrop(useCase);
  if (maxDropPp === undefined && minAccuracy === undefined) return null;
  let cheapest: FoundPlan | null = null;
  let leastCost = Number.POSITIVE_INFINITY;
  for (const found of plans) {
    const { plan, figures } = found;
    const cost = costOf(figures, useCase);
    if (isBackbone(plan) || cost >= leastCost) continue;
    const isMissing = checkConstraints(useCase, { figures, backboneAccuracy }).some(({ isMet }) => !isMet);
    const { keptProbability = 0 } = knownOutlook(plan, figures, basis) ?? {};
    if (!isMissing && keptProbability >= confidence) [cheapest, leastCost] = [found, cost];
  }
  return cheapest;
}
