import { expect, test } from "vitest";
import { seededRandom } from "../../base/random.ts";
import { evaluatePlan } from "../../evaluate/evaluate-plan.ts";
import { createSweepEvaluator } from "../../evaluate/reference/sweep-evaluator.ts";
import { paretoFront } from "../../pareto/pareto-front.ts";
import { allPlans } from "../../space/testing/all-plans.ts";
import { syntheticSpace } from "../../space/testing/synthetic-space.ts";
import type { SearchContext } from "../engine/search-algorithm.ts";
import { createProgress } from "../engine/search-progress.ts";
import { createSearchTarget } from "../engine/search-target.ts";
import { findPrice } from "./find-price.ts";

test("the price is the slope of the front's lower hull at the accuracy wanted", () => {
  const space = syntheticSpace(seededRandom(5), { samples: 400, positions: 4, maxExits: 3, levels: 8 });
  const evaluator = createSweepEvaluator(space, "mean");
  const useCase = { latency: "mean" as const, maxDropPp: 2 };
  const context: SearchContext = {
    space,
    grid: evaluator.grid,
    codes: evaluator.codes,
    useCase,
    goal: "best",
    budget: Number.POSITIVE_INFINITY,
    random: seededRandom(1),
    target: createSearchTarget("best", space, useCase, new Float64Array(space.samples + 1)),
    frontier: {},
    progress: createProgress(),
    noteWork: () => {},
  };
  const asking = findPrice(context);
  let next = asking.next();
  while (!next.done) {
    if (next.value === "pause") throw new Error("asked for nothing");
    next = asking.next(evaluator.evaluate(next.value));
  }
  const priceMs = next.value;

  const points = [...allPlans(space)]
    .filter((exits) => exits.length === 3)
    .map((exits) => evaluatePlan(space, exits))
    .map(({ accuracy, latencyMs }) => ({ accuracy, latencyMs: latencyMs.mean }));
  const backbone = space.backboneCorrect.reduce((sum, right) => sum + right, 0) / space.samples;
  const wanted = backbone - 0.02;
  const front = paretoFront(points);
  // Supporting lines at the wanted accuracy: no less steep than any chord to the left, no steeper than to the right.
  const dual = (price: number) =>
    Math.min(...front.map(({ accuracy, latencyMs }) => latencyMs + price * (wanted - accuracy)));
  const best = Math.max(...Array.from({ length: 400 }, (_, k) => dual(0.01 * 1.03 ** k)));
  expect(dual(priceMs)).toBeGreaterThan(0.995 * best);
  expect(dual(3 * priceMs)).toBeLessThan(dual(priceMs));
  expect(dual(priceMs / 3)).toBeLessThan(dual(priceMs));
});
