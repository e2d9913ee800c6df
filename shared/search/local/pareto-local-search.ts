import { z } from "zod";
import { randomInteger } from "../../base/random.ts";
import { lastExitSweep, singlePlanSweep } from "../../evaluate/sweep.ts";
import { referenceAccuracy } from "../../space/reference-point.ts";
import { constraintLimits } from "../engine/constraint-limits.ts";
import { createPlanVariation, type Placement, type PlanVariation } from "../engine/plan-variation.ts";
import { type Asking, defineAlgorithm, type SearchContext } from "../engine/search-algorithm.ts";
import { type CoarseProblem, createCoarseProblem } from "./coarse-problem.ts";
import { createLocalArchive, type ExploredPlan, type LocalArchive } from "./local-archive.ts";
import { neighbourSweeps, pairSweeps } from "./neighbourhood.ts";
import { screenNeighbourhood } from "./screen-neighbourhood.ts";

const COARSE_SAMPLES = 2000;

/** How many times as many samples the next coarse problem has. */
const COARSE_GROWTH = 4;

/** From so many samples per coarse one it pays to solve a coarse problem. */
const WORTH_SOLVING = 2;

/** From so many it pays to screen neighbourhoods as well. */
const WORTH_SCREENING = 10;

/** Neighbourhoods that a coarse problem screens before a larger one takes over. */
const SCREENED_FIRST = 40;

/** Random changes that lead away from a front whose neighbourhoods are all explored. */
const PERTURBATIONS = 3;

/**
 * Pareto local search: explores the whole neighbourhood of a plan on the front, takes in what is better, and
 * goes on with the next, the corners of the front's hull first, from its widest gap. Begins with what is best of plans of up to two
 * exits on a few of the samples, and lets few samples, then more, screen the neighbourhoods.
 * @see Paquete, Chiarandini and Stützle 2004, doi:10.1007/978-3-642-17144-4_7; corners before the rest as in Lust
 * and Teghem 2010, doi:10.1007/s10732-009-9103-9
 */
export const paretoLocalSearch = defineAlgorithm({
  id: "local",
  title: "Pareto local search",
  options: z.object({
    coarseSamples: z
      .number()
      .int()
      .min(100)
      .default(COARSE_SAMPLES)
      .describe(
        "Samples to begin with, if there are twice as many; neighbourhoods are screened on them if there are ten times as many",
      ),
  }),
  exhaustive: false,
  *search(context, { coarseSamples }) {
    const variation = createPlanVariation(context);
    if (!variation) return;
    const archive = createLocalArchive(context.space, context.grid);
    yield* improveCorners(context, archive, coarseSamples);
    yield* improveAll(context, archive);
    yield* perturbForever(context, archive, variation);
  },
});

/**
 * Improves the corners of the front's hull until no neighbour of any corner is beyond it. With many samples first those
 * of a coarse problem, and by estimates on few samples, then on more of them.
 * @param coarseSamples how many samples to begin with
 */
export function* improveCorners(
  context: SearchContext,
  archive: LocalArchive,
  coarseSamples = COARSE_SAMPLES,
): Asking {
  const { samples } = context.space;
  const choose = chooser(context, archive);
  let coarse: CoarseProblem | undefined;
  if (samples >= WORTH_SOLVING * coarseSamples) {
    const first = createCoarseProblem(context, coarseSamples);
    yield* liftCoarseHull(context, first, archive);
    coarse = yield* screenInStages(context, first, archive);
  }
  while (true) {
    if (coarse) yield* screenCorners(context, coarse, archive, Number.POSITIVE_INFINITY);
    const found = choose(archive.hull(), samples);
    if (!found) return;
    yield* explore(context, archive, found);
  }
}

/** Goes on with what isn't a corner until all neighbours of the front are known. */
export function* improveAll(context: SearchContext, archive: LocalArchive): Asking {
  const { samples } = context.space;
  const choose = chooser(context, archive);
  while (true) {
    const found = choose(archive.hull(), samples) ?? choose(archive.plans(), samples);
    if (!found) return;
    yield* explore(context, archive, found);
  }
}

function* explore(context: SearchContext, archive: LocalArchive, found: ExploredPlan): Asking {
  found.exploredSamples = context.space.samples;
  for (const sweep of neighbourSweeps(context, found.plan)) archive.tell(yield sweep);
}

/** Solves a coarse problem for plans of up to two exits; asks for what is on its hull, the last exit at any level. */
function* liftCoarseHull(context: SearchContext, coarse: CoarseProblem, archive: LocalArchive): Asking {
  const coarseArchive = createLocalArchive(coarse.space, context.grid);
  for (const sweep of pairSweeps(context)) coarseArchive.tell(coarse.evaluate(sweep));
  for (const { plan } of coarseArchive.hull()) {
    if (plan.length === 0) continue;
    const { prefix, candidate } = singlePlanSweep(plan);
    archive.tell(yield lastExitSweep(prefix, candidate, context.grid));
  }
}

/** Improves corners by what a coarse problem estimates, then by what larger ones do; returns the largest that is worth it. */
function* screenInStages(
  context: SearchContext,
  first: CoarseProblem,
  archive: LocalArchive,
): Asking<CoarseProblem | undefined> {
  let coarse: CoarseProblem | undefined;
  const largest = context.space.samples / WORTH_SCREENING;
  for (let size = first.space.samples; size <= largest; size *= COARSE_GROWTH) {
    coarse = coarse ? createCoarseProblem(context, size) : first;
    yield* screenCorners(context, coarse, archive, SCREENED_FIRST);
  }
  return coarse;
}

/** Improves corners by what a coarse problem estimates, until it has been through all, or so many. */
function* screenCorners(
  context: SearchContext,
  coarse: CoarseProblem,
  archive: LocalArchive,
  maxExplored: number,
): Asking {
  const choose = chooser(context, archive);
  for (let explored = 0; explored < maxExplored; explored++) {
    const found = choose(archive.hull(), coarse.space.samples);
    if (!found) return;
    found.exploredSamples = coarse.space.samples;
    for (const sweep of screenNeighbourhood(context, coarse, archive, found)) archive.tell(yield sweep);
  }
}

/** Changes plans of the front at random and improves what that brings, without end. */
function* perturbForever(context: SearchContext, archive: LocalArchive, variation: PlanVariation): Asking {
  while (true) {
    const plan = perturbed(context, archive, variation);
    for (const sweep of neighbourSweeps(context, plan)) archive.tell(yield sweep);
    yield* improveAll(context, archive);
  }
}

/** Chooses from plans, by rising right, one whose neighbourhood has been explored on fewer samples. */
type Choose = (plans: readonly ExploredPlan[], samples: number) => ExploredPlan | undefined;

/** For the front the one farthest from its neighbours; for the best plan the one nearest to what is wanted. */
function chooser({ goal, space, useCase }: SearchContext, archive: LocalArchive): Choose {
  if (goal === "front")
    return maxBy((own, k, plans) => archive.distance(plans[k - 1] ?? own, plans[k + 1] ?? own));
  const limits = constraintLimits(useCase, space.samples, referenceAccuracy(space));
  const { minRight, belowMs, wantsAccuracy } = limits;
  if (wantsAccuracy) return maxBy(({ right }) => -Math.abs(right - minRight));
  return maxBy(({ latencyMs }) => -Math.abs(latencyMs - belowMs));
}

function maxBy(merit: (found: ExploredPlan, k: number, plans: readonly ExploredPlan[]) => number): Choose {
  return (plans, samples) => {
    let chosen: ExploredPlan | undefined;
    let max = Number.NEGATIVE_INFINITY;
    for (const [k, found] of plans.entries()) {
      const own = found.exploredSamples < samples ? merit(found, k, plans) : Number.NEGATIVE_INFINITY;
      if (own <= max) continue;
      max = own;
      chosen = found;
    }
    return chosen;
  };
}

/** Some plan of the archive, changed at random. */
function perturbed(
  { random }: SearchContext,
  archive: LocalArchive,
  { draw, mutate }: PlanVariation,
): Placement {
  const plans = archive.plans().filter(({ plan }) => plan.length > 0);
  let plan = plans.length > 0 ? plans[randomInteger(random, plans.length)].plan : draw();
  for (let change = 0; change < PERTURBATIONS; change++) plan = mutate(plan);
  return plan;
}
