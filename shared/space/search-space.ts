import { AppError } from "../base/errors.ts";
import type { UseCase } from "../model/use-case.ts";
import type { SampleWeights } from "./sample-weights.ts";

/** A head at a cut point under a policy: one thing that a plan may contain, with all that its evaluation needs. */
export interface Candidate {
  /** Order along the backbone; a plan holds at most one candidate per position, in rising order. */
  readonly position: number;
  /** SHA-256 of the member that it belongs to; the backbone's if absent. */
  readonly member?: string;
  readonly cutPoint: string;
  readonly head: string;
  readonly policy: string;
  /** L(e): latency of the backbone up to the cut point, ms. */
  readonly prefixMs: number;
  /** h(e): what the head and its decision add, ms. */
  readonly headMs: number;
  /** The same two in energy; absent where the profile doesn't say them. */
  readonly energy?: ExitEnergy;
  readonly prefixMacs: number;
  readonly headMacs: number;
  readonly headBytes: number;
  /** Per sample [samples]. */
  readonly confidence: Float32Array;
  /** Per sample [samples], 1 right, 0 wrong. */
  readonly correct: Uint8Array;
}

/** What a sample that reaches an exit takes, mJ. */
export interface ExitEnergy {
  /** Of the networks up to the cut point. */
  readonly prefixMillijoules: number;
  /** Of the head and its decision. */
  readonly headMillijoules: number;
}

/** Everything that a search needs, and nothing else: one split's table and one target's profile, joined. */
export interface SearchSpace {
  readonly samples: number;
  /** How often each sample counts; once if absent. */
  readonly weights?: SampleWeights;
  /** Sorted by position. */
  readonly candidates: readonly Candidate[];
  /** Whether the output at the end, the backbone's own, is right, per sample [samples]. */
  readonly backboneCorrect: Uint8Array;
  readonly backboneMs: number;
  /** Whether the backbone is right, where a space may end in another network's output; see `correctOfReference`. */
  readonly referenceCorrect?: Uint8Array;
  /** Whether the worst classifier of all networks is right, where spaces share a reference point [samples]. */
  readonly leastCorrect?: Uint8Array;
  /** Latency of the reference point, where spaces share one; `backboneMs` if absent. */
  readonly referenceMs?: number;
  /** Energy of a sample that leaves at the end, heads not counted, mJ; absent where not all of it is known. */
  readonly backboneMillijoules?: number;
  /** Of the reference point, as `referenceMs`. */
  readonly referenceMillijoules?: number;
  readonly backboneMacs: number;
  readonly backboneBytes: number;
  /**
   * The most bytes of activations alive at once, a plan's as well: any sample may travel to the backbone's end, and a
   * head works on pooled features, kilobytes that aren't counted. Absent where only tables are known.
   */
  readonly peakActivationBytes?: number;
  readonly maxExits: number;
  /** Threshold levels per candidate. */
  readonly levels: number;
}

/** Whether the backbone, which drops refer to, is right, wherever the space ends [samples]. */
export function correctOfReference({ referenceCorrect, backboneCorrect }: SearchSpace): Uint8Array {
  return referenceCorrect ?? backboneCorrect;
}

/** Energies add up as far as they are known: to nothing where one isn't. */
export function sumOf(...energies: readonly (number | undefined)[]): number | undefined {
  return energies.reduce((sum, own) => (sum === undefined || own === undefined ? undefined : sum + own), 0);
}

/** What all samples together weigh: what rates and means are shares of. */
export function totalWeight({ samples, weights }: SearchSpace): number {
  return weights?.total ?? samples;
}

/** How many samples of equal weight the space's figures are worth; used for intervals. */
export function effectiveSamples({ samples, weights }: SearchSpace): number {
  return weights?.effectiveSamples ?? samples;
}

/** Parameters of the backbone and the heads of these candidates, bytes. */
export function planBytes(space: SearchSpace, candidates: readonly number[]): number {
  return candidates.reduce((sum, c) => sum + space.candidates[c].headBytes, space.backboneBytes);
}

/**
 * The largest size of all weights that the use case leaves a plan, bytes.
 * @throws AppError 'usage' if it limits memory and the space knows no activations
 */
export function maxPlanBytes({ peakActivationBytes }: SearchSpace, useCase: UseCase): number {
  const { maxBytes = Number.POSITIVE_INFINITY, maxMemoryBytes } = useCase;
  if (maxMemoryBytes === undefined) return maxBytes;
  if (peakActivationBytes === undefined)
    throw new AppError(
      "usage",
      "memory is limited, but a table says nothing of activations; limit the size of all weights instead",
    );
  return Math.min(maxBytes, maxMemoryBytes - peakActivationBytes);
}

/** @throws AppError 'shape-mismatch' if columns differ in length from `samples` or candidates are out of order */
export function checkSpace(space: SearchSpace): void {
  const expectSamples = (column: { readonly length: number }, what: string) => {
    if (column.length === space.samples) return;
    throw new AppError("shape-mismatch", `${what} has ${column.length} samples, expected ${space.samples}`);
  };
  if (space.samples < 1) throw new AppError("shape-mismatch", "a search space needs at least one sample");
  expectSamples(space.backboneCorrect, "the backbone");
  expectSamples(correctOfReference(space), "the backbone that drops refer to");
  if (space.weights) expectSamples(space.weights.counts, "the list of weights");
  space.candidates.forEach(({ confidence, correct, cutPoint, position }, c) => {
    expectSamples(confidence, `the confidence of the exit at ${cutPoint}`);
    expectSamples(correct, `the correctness of the exit at ${cutPoint}`);
    if (c === 0 || position >= space.candidates[c - 1].position) return;
    throw new AppError("shape-mismatch", `the exit at ${cutPoint} (position ${position}) is out of order`);
  });
}
