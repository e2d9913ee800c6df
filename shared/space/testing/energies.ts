import type { SearchSpace } from "../search-space.ts";

/** The space with energies that aren't its latencies in another unit: what a place or a head draws differs. */
export function withEnergies(space: SearchSpace): SearchSpace {
  return {
    ...space,
    backboneMillijoules: 3 * space.backboneMs,
    candidates: space.candidates.map((candidate) => ({
      ...candidate,
      energy: {
        prefixMillijoules: (2 + candidate.position / 8) * candidate.prefixMs,
        headMillijoules: (1 + (candidate.position % 3)) * candidate.headMs,
      },
    })),
  };
}
