import type { SweepEvaluator } from "../../evaluate/reference/sweep-evaluator.ts";
import { planOfEntry, type SweepResult, sweptCandidates, sweptPlan } from "../../evaluate/sweep.ts";
import { countRight } from "../../space/reference-point.ts";
import { maxPlanBytes, planBytes, type SearchSpace } from "../../space/search-space.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";
import type { Admission } from "./admission.ts";
import type { FrontPoint } from "./front-point.ts";
import type { FoundPlan } from "./search-state.ts";
import type { SearchTarget } from "./search-target.ts";
import type { SearchTask } from "./search-task.ts";

/** A rival is known by its figures alone. */
export type PlanOrRival = readonly ThresholdedExit[] | undefined;

/** Takes plans that meet the use case's limits into a search's target. */
export interface PlanIntake {
  /** Of a sweep; in the result plans that the limits don't admit get the worst of all figures, so that the search looks elsewhere. */
  offer(result: SweepResult): void;
  /** Those that others have found. */
  add(found: readonly FoundPlan[]): void;
  /** What sweeps have brought since this was asked last; nothing is kept for it before the first time. */
  takeNew(): FoundPlan[];
  /** The plans found that no other one beats, without rivals. */
  found(): FoundPlan[];
  front(): FrontPoint[];
}

/**
 * Starts with the backbone alone, if it meets the limits.
 * @param space without weights, on the front's axis
 * @param admission nothing if the limits admit every plan
 */
export function createPlanIntake(
  space: SearchSpace,
  { useCase, rivals = [] }: Pick<SearchTask, "useCase" | "rivals">,
  evaluator: SweepEvaluator,
  target: SearchTarget<PlanOrRival>,
  admission?: Admission,
): PlanIntake {
  const maxBytes = maxPlanBytes(space, useCase);
  const worstMs = worstLatency(space);
  let news: FoundPlan[] | undefined;

  for (const { right, latencyMs } of rivals) target.offer(right, latencyMs, undefined);
  const alone = { counts: Int32Array.of(space.samples), groups: 1 };
  if (!admission || admission()(alone)) target.offer(countRight(space.backboneCorrect), space.backboneMs, []);

  function offer(result: SweepResult): void {
    const { sweep, entries, right, latencyMs } = result;
    if (planBytes(space, sweptCandidates(sweep)) > maxBytes) return;
    const admits = admission?.(sweep);
    for (let entry = 0; entry < entries; entry++) {
      if (admits && !admits(evaluator.spread(result, entry))) {
        right[entry] = 0;
        latencyMs[entry] = worstMs;
        continue;
      }
      if (target.dominates(right[entry], latencyMs[entry])) continue;
      const plan = sweptPlan(sweep, planOfEntry(result, entry), evaluator.grid);
      target.offer(right[entry], latencyMs[entry], plan);
      news?.push({ right: right[entry], latencyMs: latencyMs[entry], plan });
    }
  }

  function found(): FoundPlan[] {
    return target.front().flatMap(({ right, latencyMs, plan }) => (plan ? [{ right, latencyMs, plan }] : []));
  }

  return {
    offer,
    add(plans) {
      for (const { right, latencyMs, plan } of plans) target.offer(right, latencyMs, plan);
    },
    takeNew() {
      const taken = news ?? [];
      news = [];
      return taken;
    },
    found,
    front: () =>
      found().map(({ right, latencyMs, plan }) => ({
        exits: plan,
        right,
        accuracy: right / space.samples,
        latencyMs,
      })),
  };
}

/** More than any plan takes, ms. */
function worstLatency({ candidates, backboneMs }: SearchSpace): number {
  const longest = Math.max(backboneMs, ...candidates.map(({ prefixMs }) => prefixMs));
  return candidates.reduce((sum, { headMs }) => sum + headMs, longest);
}
