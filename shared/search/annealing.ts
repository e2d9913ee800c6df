import { z } from "zod";
import { type SweepResult, singlePlanSweep } from "../evaluate/sweep.ts";
import { createPlanVariation } from "./plan-variation.ts";
import { referencePoint } from "./reference-point.ts";
import { defineAlgorithm, type SearchContext } from "./search-algorithm.ts";

const options = z.object({
  chains: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(24)
    .describe("How many weightings of accuracy against latency to anneal, one after the other"),
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

/**
 * Simulated annealing of a weighted sum of error and latency. Each chain has its own weights, from latency
 * alone nearly to accuracy alone, and starts where the last one ended, so that together they walk along the front.
 * @see Kirkpatrick, Gelatt and Vecchi 1983, doi:10.1126/science.220.4598.671
 */
export const annealing = defineAlgorithm({
  id: "annealing",
  title: "Simulated annealing",
  options,
  exhaustive: false,
  *search(context, { chains, startTemperature, endTemperature }) {
    const { budget, random } = context;
    const variation = createPlanVariation(context);
    if (!variation) return;
    const steps = Math.max(1, Math.floor(budget / chains));
    let plan = variation.draw();
    for (let chain = 0; chain < chains; chain++) {
      const loss = weightedLoss(context, (chain + 0.5) / chains);
      let planLoss = loss(yield singlePlanSweep(plan));
      for (let step = 1; step < steps; step++) {
        const temperature = startTemperature * (endTemperature / startTemperature) ** (step / steps);
        const other = variation.mutate(plan);
        const otherLoss = loss(yield singlePlanSweep(other));
        if (random() >= Math.exp((planLoss - otherLoss) / temperature)) continue;
        plan = other;
        planLoss = otherLoss;
      }
    }
  },
});

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
