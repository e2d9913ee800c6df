import { type Random, randomNormal } from "../../base/random.ts";
import type { Candidate, SearchSpace } from "../search-space.ts";

export interface SyntheticShape {
  readonly samples: number;
  /** One head and policy each. */
  readonly positions: number;
  readonly maxExits: number;
  readonly levels: number;
}

/**
 * A made-up space that behaves like a trained network, for benches and tests: samples differ in difficulty,
 * heads see it more clearly the later they stand (accuracy about 0.75 to 0.93), confidence goes with being
 * right, and latency rises linearly along the backbone.
 */
export function syntheticSpace(random: Random, shape: SyntheticShape): SearchSpace {
  const { samples, positions, maxExits, levels } = shape;
  const difficulty = Float64Array.from({ length: samples }, () => randomNormal(random));
  const candidates = Array.from({ length: positions }, (_, position): Candidate => {
    const share = (position + 1) / (positions + 1);
    const margins = classMargins(difficulty, share, random);
    return {
      position,
      cutPoint: `cut-${position}`,
      head: "linear",
      policy: "top1",
      prefixMs: share,
      headMs: 0.01,
      prefixMacs: 1e8 * share,
      headMacs: 1e5,
      headBytes: 4000,
      // An overall scale below 1 leaves some of the wrong ones confident, as in real networks.
      confidence: Float32Array.from(margins, (margin) => 1 / (1 + Math.exp(-1.5 * Math.abs(margin)))),
      correct: Uint8Array.from(margins, (margin) => (margin > 0 ? 1 : 0)),
    };
  });
  return {
    samples,
    candidates,
    backboneCorrect: Uint8Array.from(classMargins(difficulty, 1, random), (margin) => (margin > 0 ? 1 : 0)),
    backboneMs: 1,
    backboneMacs: 1e8,
    backboneBytes: 4e6,
    maxExits,
    levels,
  };
}

/** How far the right class leads (negative: it loses), per sample; later exits lead by more. */
function classMargins(difficulty: Float64Array, share: number, random: Random): Float64Array {
  return difficulty.map((hard) => 0.74 + 0.98 * share - hard - 0.6 * randomNormal(random));
}

/** A small space without any such order, full of ties: equal confidences, equal latencies, useless heads. */
export function ragbagSpace(random: Random, shape: SyntheticShape): SearchSpace {
  const integer = (bound: number) => Math.floor(random() * bound);
  const bits = (share: number) =>
    Uint8Array.from({ length: shape.samples }, () => (random() < share ? 1 : 0));
  const candidates: Candidate[] = [];
  for (let position = 0; position < shape.positions; position++) {
    // One or two candidates a position, with confidences from a handful of values.
    for (let head = integer(2); head >= 0; head--) {
      const values = 1 + integer(6);
      candidates.push({
        position,
        cutPoint: `cut-${position}`,
        head: `head-${head}`,
        policy: "top1",
        prefixMs: integer(5) + position / 3,
        headMs: integer(3) / 10,
        prefixMacs: 100 * (position + 1),
        headMacs: 1 + integer(10),
        headBytes: integer(4),
        confidence: Float32Array.from({ length: shape.samples }, () => integer(values) / values),
        correct: bits(integer(5) / 4),
      });
    }
  }
  return {
    samples: shape.samples,
    candidates,
    backboneCorrect: bits(integer(5) / 4),
    backboneMs: 2 + integer(5),
    backboneMacs: 1000,
    backboneBytes: 10,
    maxExits: shape.maxExits,
    levels: shape.levels,
  };
}
