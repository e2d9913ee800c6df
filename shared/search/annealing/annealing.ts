import { z } from "zod";
import type { Random } from "../../base/random.ts";
import { type SweepResult, singlePlanSweep } from "../../evaluate/sweep.ts";
import { referencePoint } from "../../space/reference-point.ts";
import { createPlanVariation, type Placement, type PlanVariation } from "../engine/plan-variation.ts";
import { type Asking, defineAlgorithm, type SearchContext } from "../engine/search-algorithm.ts";

const options = z.object({
  chains: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(24)
    .describe("How many weightings of accuracy against latency to anneal in turn"),
  startTemperature: z
    .number()
    .positive()
    .default(0.01)
    .describe("Loss that a step may well add at the start of a chain, as share of the reference box"),
  endTemperature: z
    .number()
    .positive()
    .default(0.0005)
    .describe("Loss that a step may well add at the end of a chain, as share of the reference box"),
});

/** Steps of a chain in the first round. */
const FIRST_STEPS = 25;

/**
 * Simulated annealing of a weighted sum of error and latency. Each chain has its own weights, from latency
 * alone nearly to accuracy alone; in the first round it starts where the one before ended, so that together they walk
 * along the front. Each round has chains twice as long, which continue from their own ends, so that it has
 * something to show at any time and gets better with more.
 * @see Kirkpatrick, Gelatt and Vecchi 1983, doi:10.1126/science.220.4598.671
 */
export const annealing = defineAlgorithm({
  id: "annealing",
  title: "Simulated annealing",
  options,
  exhaustive: false,
  *search(context, settings) {
    const variation = createPlanVariation(context);
    if (!variation) return;
    const ends: Placement[] = [];
    let plan = variation.draw();
    for (let steps = FIRST_STEPS; ; steps *= 2) {
      for (let chain = 0; chain < settings.chains; chain++) {
        const loss = weightedLoss(context, (chain + 0.5) / settings.chains);
        plan = yield* anneal(ends[chain] ?? plan, steps, loss, variation, context.random, settings);
        ends[chain] = plan;
      }
    }
  },
});

/** One chain; returns where it ends. */
function* anneal(
  start: Placement,
  steps: number,
  loss: (result: SweepResult) => number,
  variation: PlanVariation,
  random: Random,
  { startTemperature, endTemperature }: z.infer<typeof options>,
): Asking<Placement> {
  let plan = start;
  let planLoss = loss(yield singlePlanSweep(plan));
  for (let step = 1; step < steps; step++) {
    const temperature = startTemperature * (endTemperature / startTemperature) ** (step / steps);
    const other = variation.mutate(plan);
    const otherLoss = loss(yield singlePlanSweep(other));
    if (random() >= Math.exp((planLoss - otherLoss) / temperature)) continue;
    plan = other;
    planLoss = otherLoss;
  }
  return plan;
}

/**
 * Error and latency as shares of the box that the hypervolume is measured in, weighted and added.
 * @param weight of accuracy against latency: 0 is latency alone, 1 accuracy alone
 */
function weightedLoss({ space }: SearchContext, weight: number): (result: SweepResult) => number {
  const reference = referencePoint(space);
  const worstError = Math.max(1 - reference.accuracy, 1 / space.samples);
  return ({ right, latencyMs }) =>
    (weight * (1 - right[0] / space.samples)) / worstError +
    ((1 - weight) * latencyMs[0]) / reference.latencyMs;
}
