import { type Random, randomNormal } from "../../base/random.ts";
import type { Candidate, SearchSpace } from "../search-space.ts";

export interface SyntheticShape {
  readonly samples: number;
  /** One head and policy each. */
  readonly positions: number;
  readonly maxExits: number;
  readonly levels: number;
}

/** A made-up network and how sure its own output is [samples]. */
export interface SyntheticNetwork {
  readonly space: SearchSpace;
  readonly outputConfidence: Float32Array;
}

/**
 * A made-up space that behaves like a trained network, for benches and tests: samples differ in difficulty,
 * heads see it more clearly the later they stand (accuracy about 0.75 to 0.93), confidence goes with being
 * right, and latency rises linearly along the backbone.
 */
export function syntheticSpace(random: Random, shape: SyntheticShape): SearchSpace {
  return syntheticNetwork(random, drawDifficulty(random, shape.samples), shape).space;
}

/** How hard samples are for every network [samples]. */
export function drawDifficulty(random: Random, samples: number): Float64Array {
  return Float64Array.from({ length: samples }, () => randomNormal(random));
}

/**
 * One of several networks that meet the same samples.
 * @param skill how far it gets of what the best sees; 0.9 costs about one point of accuracy
 * @param wholeMs latency of the whole
 */
export function syntheticNetwork(
  random: Random,
  difficulty: Float64Array,
  { samples, positions, maxExits, levels }: SyntheticShape,
  skill = 1,
  wholeMs = 1,
): SyntheticNetwork {
  const candidates = Array.from({ length: positions }, (_, position): Candidate => {
    const share = (position + 1) / (positions + 1);
    const margins = classMargins(difficulty, skill * share, random);
    return {
      position,
      cutPoint: `cut-${position}`,
      head: "linear",
      policy: "top1",
      prefixMs: wholeMs * share,
      headMs: 0.01,
      prefixMacs: 1e8 * wholeMs * share,
      headMacs: 1e5,
      headBytes: 4000,
      confidence: confidencesOf(margins),
      correct: rightOf(margins),
    };
  });
  const atEnd = classMargins(difficulty, skill, random);
  const space: SearchSpace = {
    samples,
    candidates,
    backboneCorrect: rightOf(atEnd),
    backboneMs: wholeMs,
    backboneMacs: 1e8 * wholeMs,
    backboneBytes: 4e6 * wholeMs,
    maxExits,
    levels,
  };
  return { space, outputConfidence: confidencesOf(atEnd) };
}

/** An overall scale below 1 leaves some of the wrong ones confident, as in real networks. */
function confidencesOf(margins: Float64Array): Float32Array {
  return Float32Array.from(margins, (margin) => 1 / (1 + Math.exp(-1.5 * Math.abs(margin))));
}

function rightOf(margins: Float64Array): Uint8Array {
  return Uint8Array.from(margins, (margin) => (margin > 0 ? 1 : 0));
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
