import type { SearchSpace } from "./search-space.ts";
import { takeSamples } from "./split-space.ts";

/**
 * The same space with every sample as often as it counts, and no weights. Figures of a plan are the same to the last
 * bit, as they are made of counts; so whatever counts ones counts weights here.
 */
export function expandWeights(space: SearchSpace): SearchSpace {
  if (!space.weights) return space;
  const { counts, total } = space.weights;
  const source = new Uint32Array(total);
  let end = 0;
  for (let sample = 0; sample < counts.length; sample++) {
    source.fill(sample, end, end + counts[sample]);
    end += counts[sample];
  }
  return { ...takeSamples(space, source), weights: undefined };
}
