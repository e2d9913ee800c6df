import { silentJob } from "../../shared/base/job.ts";
import { evaluatePlan, exitLatencies } from "../../shared/evaluate/evaluate-plan.ts";
import { type ExitOutputs, outputsOf } from "../../shared/memory/exit-outputs.ts";
import type { MemoryKind, MemoryPolicy } from "../../shared/memory/memory-policy.ts";
import { memorySpace } from "../../shared/memory/memory-space.ts";
import { fitScheduler } from "../../shared/memory/scheduler.ts";
import type { PlanPoint } from "../../shared/pareto/pareto-front.ts";
import { runSearch } from "../../shared/search/engine/run-search.ts";
import { exact } from "../../shared/search/exact/exact.ts";
import type { SearchSpace } from "../../shared/space/search-space.ts";
import type { ThresholdedExit } from "../../shared/space/thresholded-exit.ts";

/** A split as a plan's own exits see it: the space of the plans without memory, and what the exits say. */
export interface PlacedSplit {
  /** Its candidates are the plan's exits, in order. */
  readonly space: SearchSpace;
  readonly outputs: ExitOutputs;
}

/** The samples that plans are chosen on, and those that they are reported on. */
export interface PlacedSplits {
  readonly choice: PlacedSplit;
  readonly test: PlacedSplit;
}

/** A policy at some of the exits with its thresholds, and its figures on the samples that plans are chosen on. */
export interface MemoryPlan extends PlanPoint {
  readonly choice: SearchSpace;
  readonly test: SearchSpace;
  readonly exits: readonly ThresholdedExit[];
}

const useCase = { latency: "mean" } as const;

/**
 * The plans of a kind that no other of the kind beats: at every choice of some of the exits, all combinations of thresholds on the
 * grid, searched to a proof.
 * @param extraMs what the policy adds at an output, by how many outputs it goes by
 */
export async function plansOfKind(
  { choice, test }: PlacedSplits,
  kind: MemoryKind,
  extraMs: (outputs: number) => number,
): Promise<MemoryPlan[]> {
  const plans: MemoryPlan[] = [];
  for (const exits of subsetsOf(choice.space.candidates.length)) {
    const extra = [...exits, 0].map((_, row) => extraMs(row + 1));
    for (const policy of kind.fit(outputsOf(choice.outputs, exits))) {
      const spaces = {
        choice: spaceUnder(choice, exits, policy, extra),
        test: spaceUnder(test, exits, policy, extra),
      };
      const search = { space: spaces.choice, algorithm: exact, useCase, budget: Number.POSITIVE_INFINITY };
      const { front } = await runSearch({ ...search, seed: 1 }, silentJob);
      plans.push(...front.map((point) => ({ ...point, ...spaces })));
    }
  }
  return plans;
}

/** From few samples shared out to the later exits to most, and from mild preferences for better exits to sharp ones. */
const prices = Array.from({ length: 24 }, (_, step) => 0.05 * 1.4 ** step);
const sharpnesses = [1, 4, 16];

/** Plans of learned schedulers at all exits, one for each budget and sharpness; their shares say how often each exit is used. */
export function plansOfSchedulers({ choice, test }: PlacedSplits): MemoryPlan[] {
  const all = Array.from(choice.space.candidates.keys());
  const costs = exitLatencies(
    choice.space,
    all.map((candidate) => ({ candidate })),
  );
  return sharpnesses.flatMap((sharpness) =>
    prices.map((price): MemoryPlan => {
      const { policy, thresholds } = fitScheduler(choice.outputs, costs, { sharpness, price });
      const spaces = {
        choice: spaceUnder(choice, all, policy, [...all, 0].fill(0)),
        test: spaceUnder(test, all, policy, [...all, 0].fill(0)),
      };
      const exits = thresholds.map((threshold, candidate) => ({ candidate, threshold }));
      const { accuracy, latencyMs } = evaluatePlan(spaces.choice, exits);
      return { ...spaces, exits, accuracy, latencyMs: latencyMs.mean };
    }),
  );
}

function spaceUnder(
  { space, outputs }: PlacedSplit,
  exits: readonly number[],
  policy: MemoryPolicy,
  extraMs: readonly number[],
): SearchSpace {
  return memorySpace(space, exits, policy.columns(outputsOf(outputs, exits)), extraMs);
}

/** All choices of some of the exits, none included. */
function subsetsOf(exits: number): number[][] {
  return Array.from({ length: 2 ** exits }, (_, bits) =>
    Array.from({ length: exits }, (_, exit) => exit).filter((exit) => (bits >> exit) & 1),
  );
}
