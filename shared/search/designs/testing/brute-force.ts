import { expect } from "vitest";
import { evaluatePlan } from "../../../evaluate/evaluate-plan.ts";
import { checkConstraints } from "../../../model/constraints.ts";
import { outputHead } from "../../../model/plan.ts";
import type { UseCase } from "../../../model/use-case.ts";
import { type PlanPoint, paretoFront } from "../../../pareto/pareto-front.ts";
import type { DesignSpace } from "../../../space/design-space.ts";
import { expandWeights } from "../../../space/expand-weights.ts";
import { referenceAccuracy } from "../../../space/reference-point.ts";
import type { SearchSpace } from "../../../space/search-space.ts";
import { allPlans } from "../../../space/testing/all-plans.ts";
import { thresholdGrid } from "../../../space/threshold-grid.ts";
import type { ThresholdedExit } from "../../../space/thresholded-exit.ts";
import type { FrontPoint } from "../../engine/front-point.ts";
import { networkEnds } from "../without-idle-networks.ts";

/** For tests: every plan of every space, whether it makes sense or not; of two networks without heads at thresholds off the grid too. */
export function everyPlan(spaces: readonly DesignSpace[]) {
  return spaces.flatMap(({ space }) =>
    [...allPlans(space, thresholdGrid(expandWeights(space))), ...chainsOfTwo(space)].map((exits) => ({
      figures: evaluatePlan(space, exits),
    })),
  );
}

/** Two networks without heads: each sample's confidence at the first one's output as the threshold, and all leaving. */
function chainsOfTwo(space: SearchSpace): ThresholdedExit[][] {
  if (networkEnds(space).length !== 1 || space.maxExits === 0) return [];
  return space.candidates.flatMap(({ head, confidence }, candidate) =>
    head === outputHead ? [0, ...confidence].map((threshold) => [{ candidate, threshold }]) : [],
  );
}

/** For tests: the front of those within the use case's limits on size and spread. */
export function bruteForce(spaces: readonly DesignSpace[], useCase: UseCase) {
  const limits = { ...useCase, maxDropPp: 1e9 };
  const backboneAccuracy = referenceAccuracy(spaces[0].space);
  return paretoFront(
    everyPlan(spaces)
      .filter(({ figures }) =>
        checkConstraints(limits, { figures, backboneAccuracy }).every(({ isMet }) => isMet),
      )
      .map(({ figures }) => ({ accuracy: figures.accuracy, latencyMs: figures.latencyMs[useCase.latency] })),
  );
}

/** For tests: the same plan in another space is summed up in another order, so equal latencies may differ in their last digits. */
export function expectSame(found: readonly FrontPoint[], wanted: readonly PlanPoint[]) {
  const rounded = (points: readonly PlanPoint[]) =>
    paretoFront(
      points.map(({ accuracy, latencyMs }) => ({ accuracy, latencyMs: Number(latencyMs.toFixed(9)) })),
    );
  expect(rounded(found)).toEqual(rounded(wanted));
}
