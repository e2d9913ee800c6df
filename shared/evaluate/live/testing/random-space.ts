import { seededRandom } from "../../../base/random.ts";
import type { SearchSpace } from "../../../space/search-space.ts";

/** A made-up space for tests and timings: confidences in steps of 1/64, so that ties are common. */
export function randomSpace(samples: number, cutPoints: number, seed: number): SearchSpace {
  const random = seededRandom(seed);
  const bits = (share: number) => Uint8Array.from({ length: samples }, () => (random() < share ? 1 : 0));
  return {
    samples,
    candidates: Array.from({ length: cutPoints }, (_, position) => ({
      position,
      cutPoint: `cut ${position}`,
      head: "linear",
      policy: "top1",
      prefixMs: position + 1,
      headMs: 0.1 + random() / 10,
      prefixMacs: 100 * (position + 1),
      headMacs: 10,
      headBytes: 4,
      confidence: Float32Array.from({ length: samples }, () => Math.round(64 * random()) / 64),
      correct: bits(0.6 + (0.3 * position) / cutPoints),
    })),
    backboneCorrect: bits(0.93),
    backboneMs: cutPoints + 2,
    backboneMacs: 100 * (cutPoints + 1),
    backboneBytes: 1000,
    maxExits: cutPoints,
    levels: 1,
  };
}
