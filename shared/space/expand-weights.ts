import type { SearchSpace } from "./search-space.ts";

/**
 * The same space with every sample as often as it counts, and no weights. Figures of a plan are the same to the last
 * bit, as they are made of counts; so whatever counts ones counts weights here.
 */
export function expandWeights(space: SearchSpace): SearchSpace {
  const { weights, candidates, backboneCorrect } = space;
  if (!weights) return space;
  const { counts, total } = weights;
  const source = new Int32Array(total);
  let end = 0;
  for (let sample = 0; sample < counts.length; sample++) {
    source.fill(sample, end, end + counts[sample]);
    end += counts[sample];
  }
  const expandBits = (bits: Uint8Array) => Uint8Array.from(source, (sample) => bits[sample]);
  return {
    ...space,
    samples: total,
    weights: undefined,
    backboneCorrect: expandBits(backboneCorrect),
    candidates: candidates.map((candidate) => ({
      ...candidate,
      confidence: Float32Array.from(source, (sample) => candidate.confidence[sample]),
      correct: expandBits(candidate.correct),
    })),
  };
}
