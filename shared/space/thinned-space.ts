import { type Random, shuffle } from "../base/random.ts";
import type { SearchSpace } from "./search-space.ts";
import { takeSamples } from "./split-space.ts";

/** The space with some of its samples, drawn without replacement and in their order. */
export function thinnedSpace(space: SearchSpace, samples: number, random: Random): SearchSpace {
  const everybody = new Uint32Array(space.samples);
  for (let sample = 0; sample < space.samples; sample++) everybody[sample] = sample;
  shuffle(everybody, random, samples);
  return takeSamples(space, everybody.subarray(space.samples - samples).sort());
}
