import { type Job, silentJob } from "../base/job.ts";
import { seededRandom, shuffle } from "../base/random.ts";
import { withoutSpreadLimits } from "../model/constraints.ts";
import { isBackbone } from "../model/plan.ts";
import type { UseCase } from "../model/use-case.ts";
import { startDesignSearch } from "../search/designs/search-designs.ts";
import { countPlans } from "../search/engine/count-plans.ts";
import type { PlacedPlan } from "../search/engine/front-point.ts";
import { exact } from "../search/exact/exact.ts";
import { paretoLocalSearch } from "../search/local/pareto-local-search.ts";
import { type DesignSpace, spaceOfPlan } from "../space/design-space.ts";
import { takeFromAll } from "../space/split-space.ts";
import { thresholdGrid } from "../space/threshold-grid.ts";
import { countDeviation, planEvidence } from "./plan-evidence.ts";
import { type FlatteredPlan, fitSelectionBias, type SelectionBias } from "./selection-bias.ts";

/** Parts that take turns in being left out of a search. Their luck is opposite, so that it cancels out in the mean. */
const PARTS = 4;

/** Up to here all plans are searched; past it so many, as fronts of ten times as many flatter no more. */
const MAX_EXACT_PLANS = 2_000_000;
const LOCAL_PLANS = 100_000;

/**
 * How far a search of these spaces flatters the plans that it finds: fronts are found on all samples but a part, and tried on
 * that part. In standard deviations that is much the same for all of the samples; rather less, as the more samples there are
 * the clearer is which plans are best.
 * @param spaces without weights, the backbone alone first
 * @returns undefined if no plan but the backbone alone is found
 * @throws AppError 'cancelled'
 */
export async function estimateSelectionBias(
  spaces: readonly DesignSpace[],
  useCase: UseCase,
  seed: number,
  job: Job,
): Promise<SelectionBias | undefined> {
  const [{ space }] = spaces;
  if (space.samples < PARTS) return undefined;
  const order = shuffle(
    Uint32Array.from({ length: space.samples }, (_, sample) => sample),
    seededRandom(seed),
  );
  const plans: FlatteredPlan[] = [];
  for (let part = 0; part < PARTS; part++) {
    const isInPart = (_: number, index: number) => index % PARTS === part;
    const triedOn = takeFromAll(spaces, order.filter(isInPart));
    const chosenOn = takeFromAll(
      spaces,
      order.filter((sample, index) => !isInPart(sample, index)),
    );
    for (const plan of await frontOf(chosenOn, useCase, seed, job))
      if (!isBackbone(plan)) plans.push(flatteredPlan(chosenOn, triedOn, plan));
  }
  return plans.length > 0 ? fitSelectionBias(plans) : undefined;
}

/** Of all plans, where none meets the limits on how samples spread. */
async function frontOf(
  spaces: readonly DesignSpace[],
  useCase: UseCase,
  seed: number,
  job: Job,
): Promise<readonly PlacedPlan[]> {
  const plans = spaces.reduce((sum, { space }) => sum + countPlans(space, thresholdGrid(space)), 0);
  const effort =
    plans <= MAX_EXACT_PLANS
      ? { algorithm: exact, budget: Number.POSITIVE_INFINITY }
      : { algorithm: paretoLocalSearch, budget: LOCAL_PLANS * spaces.length };
  const found = async (wanted: UseCase) => {
    const search = startDesignSearch({ spaces, useCase: wanted, seed, ...effort });
    await search.advance({ ...silentJob, pause: job.pause });
    return search.result().front;
  };
  const front = await found(useCase);
  return front.length > 0 ? front : found(withoutSpreadLimits(useCase));
}

function flatteredPlan(
  chosenOn: readonly DesignSpace[],
  triedOn: readonly DesignSpace[],
  plan: PlacedPlan,
): FlatteredPlan {
  const seen = planEvidence(spaceOfPlan(chosenOn, plan).space, plan.exits);
  const tried = planEvidence(spaceOfPlan(triedOn, plan).space, plan.exits);
  const drop = (seen.lost - seen.gained) / seen.samples;
  const rise = (tried.lost - tried.gained) / tried.samples - drop;
  return { dropPp: 100 * drop, deviations: (rise * seen.samples) / countDeviation(seen) };
}
