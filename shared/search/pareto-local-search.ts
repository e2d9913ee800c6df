import { z } from "zod";
import { type Sweep, singlePlanSweep } from "../evaluate/sweep.ts";
import { randomInteger } from "../random.ts";
import { type CoarseProblem, createCoarseProblem } from "./coarse-problem.ts";
import { createLabelFront, type Label, type LabelFront, Looked } from "./label-front.ts";
import { neighbourSweeps, pairSweeps } from "./neighbourhood.ts";
import { createPlanVariation, type Placement } from "./plan-variation.ts";
import { constraintLimits } from "./recommend.ts";
import { countRight } from "./reference-point.ts";
import { type Asking, defineAlgorithm, type SearchContext } from "./search-algorithm.ts";

const COARSE_SAMPLES = 4000;

/** Neighbourhoods that the coarse problem is searched through at the most. */
const COARSE_LOOKS = 80;

/** From so many samples per coarse one it pays to screen neighbourhoods. */
const WORTH_SCREENING = 10;

/** Of a neighbourhood screened on some samples, how many sweeps are asked for on all. */
const SCREENED_IN = 8;

/** Random changes that lead away from a front whose neighbourhoods are all known. */
const KICKS = 3;

/**
 * Pareto local search: looks through the whole neighbourhood of a plan on the front, takes in what is better, and
 * goes on with the next, the corners of the front's hull first, from its widest gap. Begins with a coarse problem, some of the
 * samples, whose plans of up to two exits it solves exactly, and lets the same sample screen later neighbourhoods.
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
        "Samples of the coarse problem; the search begins with all if there are fewer than twice as many",
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
 * Improves the corners of the front's hull until no neighbour of any corner is beyond it, the coarse problem's first.
 * @param coarseSamples how many of the samples to begin with; all if there are fewer than twice as many
 */
export function* improveCorners(
  context: SearchContext,
  front: LabelFront,
  coarseSamples = COARSE_SAMPLES,
): Asking {
  const coarse =
    context.space.samples >= 2 * coarseSamples ? createCoarseProblem(context, coarseSamples) : undefined;
  if (coarse) yield* solveCoarsely(context, coarse, front);
  const choose = chooser(context, front);
  const screens = context.space.samples >= WORTH_SCREENING * coarseSamples;
  while (true) {
    const hull = front.hull();
    const unscreened = coarse && screens ? choose(hull, Looked.atSome) : undefined;
    const label = unscreened ?? choose(hull, Looked.atAll);
    if (!label) return;
    label.looked = unscreened ? Looked.atSome : Looked.atAll;
    const sweeps =
      coarse && unscreened ? screen(context, coarse, front, label) : neighbourSweeps(context, label.plan);
    for (const sweep of sweeps) front.tell(yield sweep);
  }
}

/** Goes on with what isn't a corner until all neighbours of the front are known. */
export function* improveAll(context: SearchContext, front: LabelFront): Asking {
  const choose = chooser(context, front);
  while (true) {
    const label = choose(front.hull(), Looked.atAll) ?? choose(front.labels(), Looked.atAll);
    if (!label) return;
    label.looked = Looked.atAll;
    for (const sweep of neighbourSweeps(context, label.plan)) front.tell(yield sweep);
  }
}

/** Changes plans of the front at random and improves what that brings, without end. */
function* wander(context: SearchContext, front: LabelFront): Asking {
  while (true) {
    for (const sweep of neighbourSweeps(context, kicked(context, front))) front.tell(yield sweep);
    yield* improveAll(context, front);
  }
}

/** Solves the coarse problem, and evaluates on all samples what is on its hull; ever less often, as it costs time. */
function* solveCoarsely(context: SearchContext, problem: CoarseProblem, front: LabelFront): Asking {
  const coarse = createLabelFront(problem.space, context.grid);
  const lifted = new Set<Label>();
  const choose = chooser({ ...context, space: problem.space }, coarse);
  let nextLift = 0;
  for (const sweep of pairSweeps(context)) coarse.tell(problem.evaluate(sweep));
  for (let looks = 0; ; looks++) {
    const label = looks < COARSE_LOOKS ? choose(coarse.hull(), Looked.atAll) : undefined;
    if (!label || looks >= nextLift) {
      nextLift = Math.min(looks + 16, Math.ceil(1.6 * looks) + 4);
      for (const found of coarse.hull()) {
        if (found.plan.length === 0 || lifted.has(found)) continue;
        lifted.add(found);
        front.tell(yield singlePlanSweep(found.plan));
      }
    }
    if (!label) return;
    label.looked = Looked.atAll;
    for (const sweep of neighbourSweeps(context, label.plan)) coarse.tell(problem.evaluate(sweep));
  }
}

/**
 * The most promising sweeps of a neighbourhood, at the levels that promise something. What a change does to the figures is counted on the coarse
 * problem's samples and added to the plan's own, so that most of the sampling error cancels out.
 */
function screen(context: SearchContext, coarse: CoarseProblem, front: LabelFront, label: Label): Sweep[] {
  const scale = context.space.samples / coarse.space.samples;
  const own = coarse.figuresOf(label.plan);
  const promising: { readonly sweep: Sweep; readonly promise: number }[] = [];
  for (const sweep of neighbourSweeps(context, label.plan)) {
    const { entries, right, latencyMs } = coarse.evaluate(sweep);
    let promise = 0;
    let fromLevel = entries;
    let toLevel = 0;
    for (let level = 0; level < entries; level++) {
      const planRight = label.right + Math.round((right[level] - own.right) * scale);
      const gain = front.gain(planRight, label.latencyMs + latencyMs[level] - own.latencyMs);
      if (gain === 0) continue;
      promise += gain;
      fromLevel = Math.min(fromLevel, level);
      toLevel = level + 1;
    }
    if (promise > 0) promising.push({ sweep: { ...sweep, fromLevel, toLevel }, promise });
  }
  promising.sort((a, b) => b.promise - a.promise);
  return promising.slice(0, SCREENED_IN).map(({ sweep }) => sweep);
}

/** Chooses from labels, by rising right, one that has been looked at less thoroughly. */
type Choose = (labels: readonly Label[], thoroughness: number) => Label | undefined;

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
  return (labels, thoroughness) => {
    let chosen: Label | undefined;
    let most = Number.NEGATIVE_INFINITY;
    for (const [k, label] of labels.entries()) {
      const own = label.looked < thoroughness ? merit(label, k, labels) : Number.NEGATIVE_INFINITY;
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
