import { type CountedPoint, confidenceBins } from "../../files/field-counts.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";
import { observedSamples } from "../observed-exits.ts";

/** What a runner would count that met these samples; how sure the end is of them isn't known, nor asked for. */
export function countSamples(space: SearchSpace, placed: readonly ThresholdedExit[]): CountedPoint {
  const { left, confidence, inputs } = observedSamples(space, placed);
  const toEnd = [left.at(-1)!, ...new Array<number>(confidenceBins - 1).fill(0)];
  return {
    name: null,
    thresholds: placed.map(({ threshold }) => threshold),
    inputs,
    exits: left.map((count, exit) => ({ left: count, confidence: [...(confidence[exit] ?? toEnd)] })),
  };
}
