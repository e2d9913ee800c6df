import { z } from "zod";
import type { Random } from "../../base/random.ts";
import { singlePlanSweep } from "../../evaluate/sweep.ts";
import {
  createPlanVariation,
  type Placement,
  type PlanVariation,
  placementKey,
} from "../engine/plan-variation.ts";
import { type Asking, defineAlgorithm } from "../engine/search-algorithm.ts";
import type { Losses } from "./non-dominated-sort.ts";
import { type Ranked, selectBest, tournament } from "./nsga2-selection.ts";

const options = z.object({
  population: z
    .number()
    .int()
    .min(4)
    .max(1000)
    .default(100)
    .describe("Plans per generation; the budget gives the number of generations"),
  crossoverRate: z
    .number()
    .min(0)
    .max(1)
    .default(0.6)
    .describe("Share of children that take exits from two parents"),
  mutationRate: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe("Share of children that are changed at random"),
});

type Options = z.infer<typeof options>;

interface Individual extends Losses {
  readonly plan: Placement;
}

/**
 * NSGA-II: parents and children compete by rank of non-domination, and within a rank by distance from their
 * neighbours; binary tournaments choose the parents.
 * @see Deb et al. 2002, doi:10.1109/4235.996017
 */
export const nsga2 = defineAlgorithm({
  id: "nsga2",
  title: "NSGA-II",
  options,
  exhaustive: false,
  *search(context, settings) {
    const variation = createPlanVariation(context);
    if (!variation) return;
    const founders = Array.from({ length: settings.population }, () => variation.draw());
    let population = selectBest(yield* evaluate(founders, context.space.samples), settings.population);
    while (true) {
      const plans = breed(population, variation, settings, context.random);
      const children = yield* evaluate(plans, context.space.samples);
      population = selectBest([...population, ...children], settings.population);
    }
  },
});

function* evaluate(plans: readonly Placement[], samples: number): Asking<Individual[]> {
  const individuals: Individual[] = [];
  for (const plan of plans) {
    const { right, latencyMs } = yield singlePlanSweep(plan);
    individuals.push({ plan, wrong: samples - right[0], latencyMs: latencyMs[0] });
  }
  return individuals;
}

function breed(
  population: readonly Ranked<Individual>[],
  variation: PlanVariation,
  { crossoverRate, mutationRate }: Options,
  random: Random,
): Placement[] {
  const known = new Set(population.map(({ plan }) => placementKey(plan)));
  return population.map(() => {
    let child = tournament(population, random).plan;
    if (random() < crossoverRate) child = variation.cross(child, tournament(population, random).plan);
    if (random() < mutationRate) child = variation.mutate(child);
    // A plan that is already there would waste its evaluation; in a tiny space there may be no other.
    for (let tries = 0; tries < 10 && known.has(placementKey(child)); tries++)
      child = variation.mutate(child);
    known.add(placementKey(child));
    return child;
  });
}
