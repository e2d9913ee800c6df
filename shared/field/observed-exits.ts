import { binOf } from "../base/bin-of.ts";
import { routeSamples } from "../evaluate/evaluate-plan.ts";
import { type CountedPoint, confidenceBins } from "../files/field-counts.ts";
import { effectiveSamples, type SearchSpace, totalWeight } from "../space/search-space.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";

/** Where inputs leave a plan, and how sure its exits are of those that reach them. */
export interface ObservedExits {
  readonly inputs: number;
  /** Per exit, the end last. */
  readonly left: readonly number[];
  /** Per exit, without the end: how many of all that reach it have a confidence in each bin. */
  readonly confidence: readonly (readonly number[])[];
}

/** What a runner counted. */
export function observedInField({ inputs, exits }: CountedPoint): ObservedExits {
  return {
    inputs,
    left: exits.map(({ left }) => left),
    confidence: exits.slice(0, -1).map(({ confidence }) => confidence),
  };
}

/**
 * The same of the samples that a plan was made with. Weighted samples are counted as so many equal ones as they are worth,
 * so that what is tested with them doesn't take them for more.
 * @see Rao and Scott 1981, doi:10.1080/01621459.1981.10477633
 */
export function observedSamples(space: SearchSpace, exits: readonly ThresholdedExit[]): ObservedExits {
  const { exit: taken } = routeSamples(space, exits);
  const left = new Array<number>(exits.length + 1).fill(0);
  const confidence = exits.map(() => new Array<number>(confidenceBins).fill(0));
  for (let sample = 0; sample < space.samples; sample++) {
    const weight = space.weights ? space.weights.counts[sample] : 1;
    left[taken[sample]] += weight;
    for (let k = 0; k < exits.length && k <= taken[sample]; k++)
      confidence[k][binOfSample(space, exits[k], sample)] += weight;
  }
  const scale = effectiveSamples(space) / totalWeight(space);
  const worth = (counts: readonly number[]) => counts.map((count) => Math.round(count * scale));
  return {
    inputs: Math.round(effectiveSamples(space)),
    left: worth(left),
    confidence: confidence.map(worth),
  };
}

/** The bin that runners count a sample's confidence at an exit in. */
export function binOfSample(space: SearchSpace, { candidate }: ThresholdedExit, sample: number): number {
  return binOf(space.candidates[candidate].confidence[sample], confidenceBins);
}
