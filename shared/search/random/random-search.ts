import { z } from "zod";
import { singlePlanSweep } from "../../evaluate/sweep.ts";
import { createPlanVariation } from "../engine/plan-variation.ts";
import { defineAlgorithm } from "../engine/search-algorithm.ts";

/** Independent random plans, up to the budget: what any other search has to beat. */
export const randomSearch = defineAlgorithm({
  id: "random",
  title: "Random",
  options: z.object({}),
  exhaustive: false,
  *search(context) {
    const variation = createPlanVariation(context);
    while (variation) yield singlePlanSweep(variation.draw());
  },
});
