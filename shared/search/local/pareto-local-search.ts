import { z } from "zod";
import { randomInteger } from "../../base/random.ts";
import { singlePlanSweep } from "../../evaluate/sweep.ts";
import { countRight } from "../../space/reference-point.ts";
import { constraintLimits } from "../engine/constraint-limits.ts";
import { createPlanVariation, type Placement } from "../engine/plan-variation.ts";
import { type Asking, defineAlgorithm, type SearchContext } from "../engine/search-algorithm.ts";
import { type CoarseProblem, createCoarseProblem } from "./coarse-problem.ts";
import { createLabelFront, type Label, type LabelFront } from "./label-front.ts";
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

/** Random changes that lead away from a front whose neighbourhoods are all known. */
const KICKS = 3;

/**
 * Pareto local search: looks through the whole neighbourhood of a plan on the front, takes in what is better, and
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
    if (!createPlanVariation(context)) return;
    const front = createLabelFront(context.space, context.grid);
    yield* improveCorners(context, front, coarseSamples);
    yield* improveAll(context, front);
    yield* wander(context, front);
  },
});

/**
 * Improves the corners of the front's hull until no neighbour of any corner is beyond it. With many samples first those
 * of a coarse problem, and what few samples promise, then what more of them do.
 * @param coarseSamples how many samples to begin with
 */
export function* improveCorners(
  context: SearchContext,
  front: LabelFront,
  coarseSamples = COARSE_SAMPLES,
): Asking {
  const { samples } = context.space;
  const choose = chooser(context, front);
  let coarse: CoarseProblem | undefined;
  if (samples >= WORTH_SOLVING * coarseSamples) {
    const first = createCoarseProblem(context, coarseSamples);
    yield* liftCoarseHull(context, first, front);
    coarse = yield* screenInStages(context, first, front);
  }
  while (true) {
    if (coarse) yield* screenCorners(context, coarse, front, Number.POSITIVE_INFINITY);
    const label = choose(front.hull(), samples);
    if (!label) return;
    yield* lookAround(context, front, label);
  }
}

/** Goes on with what isn't a corner until all neighbours of the front are known. */
export function* improveAll(context: SearchContext, front: LabelFront): Asking {
  const { samples } = context.space;
  const choose = chooser(context, front);
  while (true) {
    const label = choose(front.hull(), samples) ?? choose(front.labels(), samples);
    if (!label) return;
    yield* lookAround(context, front, label);
  }
}

function* lookAround(context: SearchContext, front: LabelFront, label: Label): Asking {
  label.looked = context.space.samples;
  for (const sweep of neighbourSweeps(context, label.plan)) front.tell(yield sweep);
}

/** Solves a coarse problem for plans of up to two exits; asks for what is on its hull, the last exit at any level. */
function* liftCoarseHull(context: SearchContext, coarse: CoarseProblem, front: LabelFront): Asking {
  const coarseFront = createLabelFront(coarse.space, context.grid);
  for (const sweep of pairSweeps(context)) coarseFront.tell(coarse.evaluate(sweep));
  for (const { plan } of coarseFront.hull()) {
    if (plan.length === 0) continue;
    const { prefix, candidate } = singlePlanSweep(plan);
    front.tell(yield { prefix, candidate, fromLevel: 0, toLevel: context.grid[candidate].length });
  }
}

/** Improves corners by what a coarse problem promises, then by what larger ones do; returns the largest that is worth it. */
function* screenInStages(
  context: SearchContext,
  first: CoarseProblem,
  front: LabelFront,
): Asking<CoarseProblem | undefined> {
  let coarse: CoarseProblem | undefined;
  const largest = context.space.samples / WORTH_SCREENING;
  for (let size = first.space.samples; size <= largest; size *= COARSE_GROWTH) {
    coarse = coarse ? createCoarseProblem(context, size) : first;
    yield* screenCorners(context, coarse, front, SCREENED_FIRST);
  }
  return coarse;
}

/** Improves corners by what a coarse problem promises, until it has been through all, or so many. */
function* screenCorners(
  context: SearchContext,
  coarse: CoarseProblem,
  front: LabelFront,
  mostLooks: number,
): Asking {
  const choose = chooser(context, front);
  for (let looks = 0; looks < mostLooks; looks++) {
    const label = choose(front.hull(), coarse.space.samples);
    if (!label) return;
    label.looked = coarse.space.samples;
    for (const sweep of screenNeighbourhood(context, coarse, front, label)) front.tell(yield sweep);
  }
}

/** Changes plans of the front at random and improves what that brings, without end. */
function* wander(context: SearchContext, front: LabelFront): Asking {
  while (true) {
    for (const sweep of neighbourSweeps(context, kicked(context, front))) front.tell(yield sweep);
    yield* improveAll(context, front);
  }
}

/** Chooses from labels, by rising right, one whose neighbourhood has been looked through on fewer samples. */
type Choose = (labels: readonly Label[], samples: number) => Label | undefined;

/** For the front the one farthest from its neighbours; for the best plan the one nearest to what is wanted. */
function chooser({ goal, space, useCase }: SearchContext, front: LabelFront): Choose {
  if (goal === "front")
    return mostBy((label, k, labels) => front.distance(labels[k - 1] ?? label, labels[k + 1] ?? label));
  const accuracy = countRight(space.backboneCorrect) / space.samples;
  const { minRight, belowMs, wantsAccuracy } = constraintLimits(useCase, space.samples, accuracy);
  if (wantsAccuracy) return mostBy(({ right }) => -Math.abs(right - minRight));
  return mostBy(({ latencyMs }) => -Math.abs(latencyMs - belowMs));
}

function mostBy(merit: (label: Label, k: number, labels: readonly Label[]) => number): Choose {
  return (labels, samples) => {
    let chosen: Label | undefined;
    let most = Number.NEGATIVE_INFINITY;
    for (const [k, label] of labels.entries()) {
      const own = label.looked < samples ? merit(label, k, labels) : Number.NEGATIVE_INFINITY;
      if (own <= most) continue;
      most = own;
      chosen = label;
    }
    return chosen;
  };
}

/** Some plan of the front, changed at random. */
function kicked(context: SearchContext, front: LabelFront): Placement {
  const variation = createPlanVariation(context)!;
  const labels = front.labels().filter(({ plan }) => plan.length > 0);
  let plan = labels.length > 0 ? labels[randomInteger(context.random, labels.length)].plan : variation.draw();
  for (let kick = 0; kick < KICKS; kick++) plan = variation.mutate(plan);
  return plan;
}
