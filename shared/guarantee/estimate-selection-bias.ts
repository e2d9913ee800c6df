import { type Job, silentJob } from "../base/job.ts";
import { seededRandom, shuffle } from "../base/random.ts";
import { withoutSpreadLimits } from "../model/constraints.ts";
import type { UseCase } from "../model/use-case.ts";
import { countPlans } from "../search/engine/count-plans.ts";
import type { FrontPoint } from "../search/engine/front-point.ts";
import { runSearch } from "../search/engine/run-search.ts";
import { exact } from "../search/exact/exact.ts";
import { paretoLocalSearch } from "../search/local/pareto-local-search.ts";
import type { SearchSpace } from "../space/search-space.ts";
import { takeSamples } from "../space/split-space.ts";
import { thresholdGrid } from "../space/threshold-grid.ts";
import { countDeviation, planEvidence } from "./plan-evidence.ts";
import { type FlatteredPlan, fitSelectionBias, type SelectionBias } from "./selection-bias.ts";

/** Parts that take turns in being left out of a search. Their luck is opposite, so that it cancels out in the mean. */
const PARTS = 4;

/** Up to here all plans are searched; past it so many, as fronts of ten times as many flatter no more. */
const MAX_EXACT_PLANS = 2_000_000;
const LOCAL_PLANS = 100_000;

/**
 * How far a search of this space flatters the plans that it finds: fronts are found on all samples but a part, and tried on
 * that part. In standard deviations that is much the same for all of the samples; rather less, as the more samples there are
 * the clearer is which plans are best.
 * @param space without weights
 * @returns undefined if no plan with exits is found
 * @throws AppError 'cancelled'
 */
export async function estimateSelectionBias(
  space: SearchSpace,
  useCase: UseCase,
  seed: number,
  job: Job,
): Promise<SelectionBias | undefined> {
  if (space.samples < PARTS) return undefined;
  const order = shuffle(
    Uint32Array.from({ length: space.samples }, (_, sample) => sample),
    seededRandom(seed),
  );
  const plans: FlatteredPlan[] = [];
  for (let part = 0; part < PARTS; part++) {
    const isInPart = (_: number, index: number) => index % PARTS === part;
    const triedOn = takeSamples(space, order.filter(isInPart));
    const chosenOn = takeSamples(
      space,
      order.filter((sample, index) => !isInPart(sample, index)),
    );
    for (const { exits } of await frontOf(chosenOn, useCase, seed, job))
      if (exits.length > 0) plans.push(flatteredPlan(chosenOn, triedOn, exits));
  }
  return plans.length > 0 ? fitSelectionBias(plans) : undefined;
}

/** Of all plans, where none meets the limits on how samples spread. */
async function frontOf(
  space: SearchSpace,
  useCase: UseCase,
  seed: number,
  job: Job,
): Promise<readonly FrontPoint[]> {
  const isSmall = countPlans(space, thresholdGrid(space)) <= MAX_EXACT_PLANS;
  const effort = isSmall
    ? { algorithm: exact, budget: Number.POSITIVE_INFINITY }
    : { algorithm: paretoLocalSearch, budget: LOCAL_PLANS };
  const task = { space, useCase, seed, ...effort };
  const quiet = { ...silentJob, pause: job.pause };
  const { front } = await runSearch(task, quiet);
  if (front.length > 0) return front;
  return (await runSearch({ ...task, useCase: withoutSpreadLimits(useCase) }, quiet)).front;
}

function flatteredPlan(
  chosenOn: SearchSpace,
  triedOn: SearchSpace,
  exits: FrontPoint["exits"],
): FlatteredPlan {
  const seen = planEvidence(chosenOn, exits);
  const tried = planEvidence(triedOn, exits);
  const drop = (seen.lost - seen.gained) / seen.samples;
  const rise = (tried.lost - tried.gained) / tried.samples - drop;
  return { dropPp: 100 * drop, deviations: (rise * seen.samples) / countDeviation(seen) };
}
