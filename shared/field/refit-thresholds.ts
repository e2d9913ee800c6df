import { weightedDifference } from "../base/intervals.ts";
import type { Job } from "../base/job.ts";
import { evaluatePlan, routeSamples } from "../evaluate/evaluate-plan.ts";
import type { PlanFigures } from "../model/plan.ts";
import { refineThresholds } from "../search/refine-thresholds.ts";
import { effectiveSamples, type SearchSpace, totalWeight } from "../space/search-space.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";

/** A plan's exits with thresholds for the field. */
export interface RefittedPlan {
  /** The same ones, or without those that the plan is better without. */
  readonly exits: readonly ThresholdedExit[];
  /** As estimated for the field. */
  readonly figures: PlanFigures;
  /** Accuracy against the thresholds that the field was counted with, on the same samples, with its 95 % interval. */
  readonly gainPp: number;
  readonly gainHalfWidthPp: number;
}

/**
 * The thresholds of a plan's own exits that are most accurate in the field within a mean latency.
 * @param space whose samples count as often as their like come in the field
 * @throws AppError 'cancelled'
 */
export async function refitThresholds(
  space: SearchSpace,
  exits: readonly ThresholdedExit[],
  budgetMs: number,
  job: Job,
): Promise<RefittedPlan> {
  const refitted = await refineThresholds(space, exits, { latency: "mean", maxLatencyMs: budgetMs }, job);
  return { exits: refitted, figures: evaluatePlan(space, refitted), ...gainOf(space, exits, refitted) };
}

function gainOf(
  space: SearchSpace,
  before: readonly ThresholdedExit[],
  after: readonly ThresholdedExit[],
): Pick<RefittedPlan, "gainPp" | "gainHalfWidthPp"> {
  const [old, own] = [before, after].map((exits) => routeSamples(space, exits).correct);
  const changed = [0, 0];
  for (let sample = 0; sample < space.samples; sample++)
    if (old[sample] !== own[sample]) changed[old[sample]] += space.weights?.counts[sample] ?? 1;
  const [gained, lost] = changed;
  const { difference, halfWidth } = weightedDifference(
    gained,
    lost,
    totalWeight(space),
    effectiveSamples(space),
  );
  return { gainPp: 100 * difference, gainHalfWidthPp: 100 * halfWidth };
}
