import { seededRandom } from "../../shared/random.ts";
import type { SearchSpace } from "../../shared/search/search-space.ts";
import { syntheticSpace } from "../../shared/search/synthetic-space.ts";

/** A made-up table; see `syntheticSpace` for what it resembles. */
export function table(seed: number, positions: number, maxExits: number, samples = 10_000): SearchSpace {
  return syntheticSpace(seededRandom(seed), { samples, positions, maxExits, levels: 32 });
}
