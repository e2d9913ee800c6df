import type { Job } from "../base/job.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import { checkConstraints } from "../model/constraints.ts";
import { costOf, isBackbone, wayOf } from "../model/plan.ts";
import type { UseCase } from "../model/use-case.ts";
import type { PlacedPlan } from "../search/engine/front-point.ts";
import { type DesignSpace, spaceOfPlan } from "../space/design-space.ts";
import { oncePerSpace } from "../space/once-per-space.ts";
import { referenceAccuracy } from "../space/reference-point.ts";
import { type ThresholdGrid, thresholdGrid } from "../space/threshold-grid.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";
import { planEvidence, riskLimits, safetyMargin } from "./plan-evidence.ts";

interface OrderedPlan {
  readonly plan: PlacedPlan;
  readonly latencyMs: number;
  readonly margin: number;
}

/**
 * Plans from the safest to the riskiest, each faster than those before it: the order in which they are tested. It comes from
 * the design part alone, which is what makes the tests valid. Beside the front's own plans there are stricter forms of each:
 * a front holds the plans that chance favoured on the design part, and none that is slower only for being safer.
 * @param front found on `design`
 * @param tested samples that the plans will be tested on
 * @returns the backbone alone first, unless plans are safer; only plans that meet the use case's other constraints, if any do
 * @throws AppError 'cancelled'
 */
export async function testOrder(
  design: readonly DesignSpace[],
  front: readonly PlacedPlan[],
  useCase: UseCase,
  tested: number,
  job: Job,
): Promise<PlacedPlan[]> {
  const gridOf = oncePerSpace(thresholdGrid);
  const backboneAccuracy = referenceAccuracy(design[0].space);
  const limits = riskLimits(useCase);
  const seen = new Set<string>();
  const plans: (OrderedPlan & { readonly isFitting: boolean })[] = [];
  for (const { exits: own, ...placed } of [{ exits: [] } as PlacedPlan, ...front]) {
    const way = wayOf(placed);
    await job.pause();
    const { space } = spaceOfPlan(design, way);
    for (const exits of stricterPlans(own, gridOf(space))) {
      const plan = { exits, ...way };
      const key = JSON.stringify(plan);
      if (seen.has(key)) continue;
      seen.add(key);
      const figures = evaluatePlan(space, exits);
      const missed = checkConstraints(useCase, { figures, backboneAccuracy }).filter(
        ({ constraint, isMet }) => !isMet && constraint.about !== "accuracy",
      );
      const margin =
        isBackbone(plan) && limits.minAccuracy === undefined
          ? Number.POSITIVE_INFINITY
          : safetyMargin(planEvidence(space, exits), limits, tested);
      plans.push({
        plan,
        margin,
        latencyMs: costOf(figures, useCase),
        isFitting: missed.length === 0,
      });
    }
  }
  const fitting = plans.filter(({ isFitting }) => isFitting);
  return everFaster(fitting.length > 0 ? fitting : plans);
}

/** The plan itself, then with the thresholds of all exits raised by ever more levels. */
export function stricterPlans(
  exits: readonly ThresholdedExit[],
  grid: ThresholdGrid,
): (readonly ThresholdedExit[])[] {
  const levels = exits.map(({ candidate, threshold }) => grid[candidate].indexOf(Math.fround(threshold)));
  const plans = [exits];
  for (let by = 1; by <= Math.max(0, ...levels); by = Math.ceil(1.5 * by))
    plans.push(
      exits.map(({ candidate }, k) => ({
        candidate,
        threshold: grid[candidate][Math.max(0, levels[k] - by)],
      })),
    );
  return plans;
}

/** By falling margin; a plan slower than a safer one is left out. */
function everFaster(plans: readonly OrderedPlan[]): PlacedPlan[] {
  const order = [...plans].sort((one, other) =>
    one.margin === other.margin ? one.latencyMs - other.latencyMs : other.margin - one.margin,
  );
  let fastest = Number.POSITIVE_INFINITY;
  return order.flatMap(({ plan, latencyMs }) => {
    if (latencyMs >= fastest) return [];
    fastest = latencyMs;
    return [plan];
  });
}
