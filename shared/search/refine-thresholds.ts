import type { Job } from "../base/job.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import type { UseCase } from "../model/use-case.ts";
import { referenceAccuracy } from "../space/reference-point.ts";
import type { SearchSpace } from "../space/search-space.ts";
import { thresholdLevels } from "../space/threshold-grid.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";
import { chooseForUseCase } from "./engine/recommend.ts";
import { runSearch } from "./engine/run-search.ts";
import { exact } from "./exact/exact.ts";

/** Levels per exit for which all combinations are searched, by number of exits; multiples of the usual grids. */
const fineLevels = [1, 1024, 512, 256, 128, 64];

/**
 * Looks for better thresholds of a plan's own exits, off the grid that it was found on: first the best of all
 * combinations of a finer grid, by exact search over these exits alone, then each threshold in turn among all
 * that part the samples differently, until none gains anything by moving alone. The plan returned is at least as
 * good for the use case; it may have lost an exit that it is better without.
 * @throws AppError 'cancelled'
 */
export async function refineThresholds(
  space: SearchSpace,
  exits: readonly ThresholdedExit[],
  useCase: UseCase,
  job: Job,
): Promise<readonly ThresholdedExit[]> {
  const choose = chooserFor(space, useCase);
  let best = exits;
  const levels = fineLevels[exits.length];
  if (levels !== undefined && exits.length > 0) {
    const own = exits.map(({ candidate }) => candidate);
    const part = {
      ...space,
      candidates: own.map((c) => space.candidates[c]),
      maxExits: own.length,
      levels: Math.min(levels, space.samples),
    };
    const wanted = { useCase, goal: "best" as const, budget: Number.POSITIVE_INFINITY, seed: 1 };
    const { front } = await runSearch({ space: part, algorithm: exact, ...wanted }, job);
    const named = front.map((point) =>
      point.exits.map(({ candidate, threshold }) => ({ candidate: own[candidate], threshold })),
    );
    best = choose([best, ...named]);
  }
  for (let moved = true; moved; ) {
    moved = false;
    for (let slot = 0; slot < best.length; slot++) {
      await job.pause();
      const better = moveThreshold(space, best, slot, choose);
      moved ||= better !== best;
      best = better;
    }
  }
  return best;
}

type Choose = (plans: readonly (readonly ThresholdedExit[])[]) => readonly ThresholdedExit[];

/** What the use case would choose; the first of equals. */
function chooserFor(space: SearchSpace, useCase: UseCase): Choose {
  const backboneAccuracy = referenceAccuracy(space);
  return (plans) => {
    const evaluated = plans.map((exits) => ({ exits, figures: evaluatePlan(space, exits) }));
    return chooseForUseCase(evaluated, useCase, backboneAccuracy).plan.exits;
  };
}

/** How many thresholds are tried between two that are known. */
const TRIED_AT_ONCE = 16;

/**
 * Narrows one threshold down to the best of those that part the samples that reach it: around the present one,
 * ever finer.
 */
function moveThreshold(
  space: SearchSpace,
  exits: readonly ThresholdedExit[],
  slot: number,
  choose: Choose,
): readonly ThresholdedExit[] {
  const { candidate } = exits[slot];
  const all = thresholdLevels(space.candidates[candidate].confidence, space.samples);
  const withThreshold = (threshold: number) =>
    exits.map((exit, k) => (k === slot ? { candidate, threshold } : exit));
  let from = 0;
  let to = all.length - 1;
  let best = exits;
  while (true) {
    const step = Math.max(1, Math.floor((to - from) / TRIED_AT_ONCE));
    const tried: number[] = [];
    for (let at = from; at <= to; at += step) tried.push(at);
    best = choose([best, ...tried.map((at) => withThreshold(all[at]))]);
    if (step === 1) return best;
    const chosen = best[slot].threshold;
    let middle = all.findIndex((threshold) => threshold <= chosen);
    if (middle < 0) middle = all.length - 1;
    from = Math.max(0, middle - step);
    to = Math.min(all.length - 1, middle + step);
  }
}
