import { z } from "zod";
import { type Sweep, singlePlanSweep } from "../evaluate/sweep.ts";
import { randomInteger } from "../random.ts";
import { type CoarseProblem, createCoarseProblem } from "./coarse-problem.ts";
import { createLabelFront, type Label, type LabelFront, Looked } from "./label-front.ts";
import { neighbourSweeps, pairSweeps } from "./neighbourhood.ts";
import { createPlanVariation, type Placement } from "./plan-variation.ts";
import { type Asking, defineAlgorithm, type SearchContext } from "./search-algorithm.ts";

/** Neighbourhoods that the coarse problem is searched through at the most. */
const COARSE_LOOKS = 100;

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
      .default(4000)
      .describe(
        "Samples of the coarse problem; the search begins with all if there are fewer than twice as many",
      ),
  }),
  exhaustive: false,
  *search(context, { coarseSamples }) {
    if (!createPlanVariation(context)) return;
    const front = createLabelFront(context.space, context.grid);
    const coarse =
      context.space.samples >= 2 * coarseSamples ? createCoarseProblem(context, coarseSamples) : undefined;
    if (coarse) yield* solveCoarsely(context, coarse, front);
    yield* improve(context, coarse, front);
  },
});

/** Solves the coarse problem, and evaluates on all samples what is on its hull; ever less often, as it costs time. */
function* solveCoarsely(context: SearchContext, problem: CoarseProblem, front: LabelFront): Asking {
  const coarse = createLabelFront(problem.space, context.grid);
  const lifted = new Set<Label>();
  let nextLift = 0;
  for (const sweep of pairSweeps(context)) coarse.tell(problem.evaluate(sweep));
  for (let looks = 0; ; looks++) {
    const label = looks < COARSE_LOOKS ? widest(coarse.hull(), coarse, Looked.atAll) : undefined;
    if (!label || looks >= nextLift) {
      nextLift = Math.ceil(1.6 * looks) + 8;
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

/** Looks through one neighbourhood after the other, without end. */
function* improve(context: SearchContext, coarse: CoarseProblem | undefined, front: LabelFront): Asking {
  while (true) {
    const hull = front.hull();
    const unscreened = coarse && widest(hull, front, Looked.atSome);
    if (unscreened) {
      unscreened.looked = Looked.atSome;
      for (const sweep of screen(context, coarse, front, unscreened)) front.tell(yield sweep);
      continue;
    }
    const label = widest(hull, front, Looked.atAll) ?? widest(front.labels(), front, Looked.atAll);
    if (label) label.looked = Looked.atAll;
    const plan = label?.plan ?? kicked(context, front);
    for (const sweep of neighbourSweeps(context, plan)) front.tell(yield sweep);
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

/** Of the labels not looked at so thoroughly yet, the one farthest from its neighbours. */
function widest(labels: readonly Label[], front: LabelFront, thoroughness: number): Label | undefined {
  let chosen: Label | undefined;
  let widestMs = -1;
  for (const [k, label] of labels.entries()) {
    if (label.looked >= thoroughness) continue;
    const width = front.distance(labels[k - 1] ?? label, labels[k + 1] ?? label);
    if (width <= widestMs) continue;
    widestMs = width;
    chosen = label;
  }
  return chosen;
}

/** Some plan of the front, changed at random. */
function kicked(context: SearchContext, front: LabelFront): Placement {
  const variation = createPlanVariation(context)!;
  const labels = front.labels().filter(({ plan }) => plan.length > 0);
  let plan = labels.length > 0 ? labels[randomInteger(context.random, labels.length)].plan : variation.draw();
  for (let kick = 0; kick < KICKS; kick++) plan = variation.mutate(plan);
  return plan;
}
