import { describe, expect, it } from "vitest";
import { randomInteger, seededRandom } from "../../base/random.ts";
import { wholeWeights } from "../../space/sample-weights.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";
import { evaluatePlan, routeSamples } from "../evaluate-plan.ts";
import { createLiveEvaluator } from "./live-evaluator.ts";
import { randomSpace } from "./testing/random-space.ts";

describe("live evaluator", () => {
  const plain = randomSpace(500, 6, 1);
  const weights = wholeWeights(Array.from({ length: 500 }, (_, sample) => (sample % 7) / 3));
  it.each([
    ["equal", plain],
    ["weighted", { ...plain, weights }],
  ])("gives the reference's figures and routing of %s samples to the last bit", (_, space) => {
    const evaluator = createLiveEvaluator(space);
    const random = seededRandom(2);
    for (let plan = 0; plan < 200; plan++) {
      const exits: ThresholdedExit[] = space.candidates.flatMap((_, candidate) =>
        random() < 0.5 ? [{ candidate, threshold: randomInteger(random, 66) / 64 }] : [],
      );
      expect(evaluator.evaluate(exits)).toEqual(evaluatePlan(space, exits));
      expect(evaluator.routing).toEqual(routeSamples(space, exits));
    }
  });

  it("compares as float32: 0.9 is reached by its neighbour below", () => {
    const space = randomSpace(2, 1, 1);
    space.candidates[0].confidence.set([0.9, 0.8]);
    const evaluator = createLiveEvaluator(space);
    expect(evaluator.evaluate([{ candidate: 0, threshold: 0.9 }]).exitRates).toEqual([0.5, 0.5]);
    expect([...evaluator.routing.exit]).toEqual([0, 1]);
  });

  it("keeps its arrays from plan to plan", () => {
    const evaluator = createLiveEvaluator(randomSpace(10, 2, 1));
    const { exit } = evaluator.routing;
    evaluator.evaluate([{ candidate: 1, threshold: 0.5 }]);
    expect(evaluator.routing.exit).toBe(exit);
  });
});
