import { type Random, shuffle } from "../base/random.ts";
import type { DesignSpace } from "./design-space.ts";
import type { SearchSpace } from "./search-space.ts";

/** Share of the samples that plans are tested on; the others are what plans are found on. */
const CONTROL_SHARE = 2 / 3;

/** The same spaces over two parts of their samples. */
export interface SplitSpaces {
  readonly design: readonly DesignSpace[];
  readonly control: readonly DesignSpace[];
}

/**
 * Divides the samples of spaces purely at random: not class by class, so that each part is a sample of independent draws if the
 * whole is one.
 */
export function splitSpaces(spaces: readonly DesignSpace[], random: Random): SplitSpaces {
  const [{ space }] = spaces;
  const order = shuffle(
    Uint32Array.from({ length: space.samples }, (_, sample) => sample),
    random,
  );
  const tested = Math.min(space.samples - 1, Math.max(1, Math.round(CONTROL_SHARE * space.samples)));
  return {
    design: takeFromAll(spaces, order.subarray(tested)),
    control: takeFromAll(spaces, order.subarray(0, tested)),
  };
}

/** The same spaces over some of their samples. */
export function takeFromAll(spaces: readonly DesignSpace[], samples: Uint32Array): DesignSpace[] {
  return spaces.map((on) => ({ ...on, space: takeSamples(on.space, samples) }));
}

/** The same space over some of its samples, in the order given. */
export function takeSamples(space: SearchSpace, samples: Uint32Array): SearchSpace {
  const bits = (column: Uint8Array) => copyOf(column, samples, new Uint8Array(samples.length));
  return {
    ...space,
    samples: samples.length,
    backboneCorrect: bits(space.backboneCorrect),
    referenceCorrect: space.referenceCorrect && bits(space.referenceCorrect),
    leastCorrect: space.leastCorrect && bits(space.leastCorrect),
    candidates: space.candidates.map((candidate) => ({
      ...candidate,
      confidence: copyOf(candidate.confidence, samples, new Float32Array(samples.length)),
      correct: bits(candidate.correct),
    })),
  };
}

/** A loop, as `from` with a function takes twenty times as long. */
function copyOf<Column extends Uint8Array | Float32Array>(
  column: Column,
  samples: Uint32Array,
  part: Column,
): Column {
  for (let k = 0; k < samples.length; k++) part[k] = column[samples[k]];
  return part;
}
