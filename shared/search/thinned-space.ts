import { type Random, shuffle } from "../random.ts";
import type { SearchSpace } from "./search-space.ts";

/** The space with some of its samples, drawn without replacement and in their order. */
export function thinnedSpace(space: SearchSpace, samples: number, random: Random): SearchSpace {
  const everybody = Int32Array.from({ length: space.samples }, (_, sample) => sample);
  const drawn = shuffle(everybody, random).slice(0, samples).sort();
  const bits = (column: Uint8Array) => Uint8Array.from(drawn, (sample) => column[sample]);
  return {
    ...space,
    samples,
    backboneCorrect: bits(space.backboneCorrect),
    candidates: space.candidates.map((candidate) => ({
      ...candidate,
      confidence: Float32Array.from(drawn, (sample) => candidate.confidence[sample]),
      correct: bits(candidate.correct),
    })),
  };
}
