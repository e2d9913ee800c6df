import { takeSamples } from "../guarantee/split-space.ts";
import { type Random, shuffle } from "../random.ts";
import type { SearchSpace } from "./search-space.ts";

/** The space with some of its samples, drawn without replacement and in their order. */
export function thinnedSpace(space: SearchSpace, samples: number, random: Random): SearchSpace {
  const everybody = Uint32Array.from({ length: space.samples }, (_, sample) => sample);
  return takeSamples(space, shuffle(everybody, random).slice(0, samples).sort());
}
