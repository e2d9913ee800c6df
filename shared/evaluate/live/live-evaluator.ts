import type { PlanFigures } from "../../model/plan.ts";
import type { SampleWeights } from "../../space/sample-weights.ts";
import { correctOfReference, type SearchSpace } from "../../space/search-space.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";
import { figuresOfCounts, type Routing } from "../evaluate-plan.ts";

/** Evaluates plans on one space again and again, as a slider moves. */
export interface LiveEvaluator {
  /** @param exits rising along the backbone, as `fromPlanExits` gives them for a plan in order */
  evaluate(exits: readonly ThresholdedExit[]): PlanFigures;
  /** Of the plan that was evaluated last: the next evaluation overwrites it. */
  readonly routing: Routing;
}

/** Figures and routing in one pass over the samples still under way, in arrays that are made once. */
export function createLiveEvaluator(space: SearchSpace): LiveEvaluator {
  const { samples, candidates, backboneCorrect, weights } = space;
  const reference = correctOfReference(space);
  const exit = new Uint8Array(samples);
  const correct = new Uint8Array(samples);
  const remaining = new Int32Array(samples);
  const counts: number[] = [];

  /** Takes the remaining samples past one exit. @returns how many continue */
  function pass(k: number, placed: ThresholdedExit, reaching: number): number {
    const { confidence, correct: rightHere } = candidates[placed.candidate];
    const threshold = Math.fround(placed.threshold);
    let continuing = 0;
    for (let i = 0; i < reaching; i++) {
      const sample = remaining[i];
      exit[sample] = k;
      correct[sample] = rightHere[sample];
      remaining[continuing] = sample;
      if (confidence[sample] < threshold) continuing++;
    }
    return continuing;
  }

  /** Counts who leaves where and who is right, each sample as often as it weighs. */
  function weigh({ counts: weightOf }: SampleWeights, exits: readonly ThresholdedExit[]): PlanFigures {
    counts.fill(0);
    let right = 0;
    let lost = 0;
    for (let sample = 0; sample < samples; sample++) {
      counts[exit[sample]] += weightOf[sample];
      right += weightOf[sample] * correct[sample];
      lost += weightOf[sample] * (reference[sample] & ~correct[sample]);
    }
    return figuresOfCounts(space, exits, { counts, right, lost });
  }

  return {
    routing: { exit, correct },
    evaluate(exits) {
      for (let sample = 0; sample < samples; sample++) remaining[sample] = sample;
      counts.length = 0;
      let reaching = samples;
      for (let k = 0; k < exits.length; k++) {
        const continuing = pass(k, exits[k], reaching);
        counts.push(reaching - continuing);
        reaching = continuing;
      }
      for (let i = 0; i < reaching; i++) {
        const sample = remaining[i];
        exit[sample] = exits.length;
        correct[sample] = backboneCorrect[sample];
      }
      counts.push(reaching);
      if (weights) return weigh(weights, exits);
      let right = 0;
      let lost = 0;
      for (let sample = 0; sample < samples; sample++) {
        right += correct[sample];
        lost += reference[sample] & ~correct[sample];
      }
      return figuresOfCounts(space, exits, { counts, right, lost });
    },
  };
}
