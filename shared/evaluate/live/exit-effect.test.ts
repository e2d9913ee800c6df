import { expect, it } from "vitest";
import type { SearchSpace } from "../../space/search-space.ts";
import { evaluatePlan } from "../evaluate-plan.ts";
import { exitEffect } from "./exit-effect.ts";
import { createLiveEvaluator } from "./live-evaluator.ts";
import { randomSpace } from "./testing/random-space.ts";

it("counts who reaches, who leaves, and how they would have done elsewhere", () => {
  const made = randomSpace(5, 2, 1);
  const [early, late] = made.candidates;
  early.confidence.set([0.9, 0.9, 0.9, 0.1, 0.1]);
  early.correct.set([1, 0, 1, 1, 1]);
  late.confidence.set([0.9, 0.9, 0.1, 0.9, 0.1]);
  late.correct.set([0, 1, 0, 1, 0]);
  const space: SearchSpace = { ...made, backboneCorrect: Uint8Array.of(1, 1, 0, 1, 1) };
  const exits = [0, 1].map((candidate) => ({ candidate, threshold: 0.5 }));
  const evaluator = createLiveEvaluator(space);
  evaluator.evaluate(exits);
  const effectOf = (index: number) =>
    exitEffect(space, exits, evaluator.routing, index, createLiveEvaluator(space));
  // Samples 0, 1, 2 leave at the first exit: two right there. The backbone has 0 and 1 right. Going on, 0 and 1
  // leave at the second exit, where 1 is right; 2 ends at the backbone, wrong.
  expect(effectOf(0)).toEqual({
    reaches: 5,
    leaves: 3,
    rightHere: 2,
    rightOfBackbone: 2,
    rightGoingOn: 1,
    without: evaluatePlan(space, [exits[1]]),
  });
  expect(effectOf(1)).toMatchObject({ reaches: 2, leaves: 1, rightHere: 1, rightGoingOn: 1 });
});
