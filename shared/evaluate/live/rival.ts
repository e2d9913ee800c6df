import { decodeBits } from "../../base/bit-text.ts";
import type { HeldOutSamples } from "../../model/cross-fit.ts";
import type { ReferenceModel } from "../../model/reference-model.ts";
import { accuracyOf } from "../../space/reference-point.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import { pairedAccuracy } from "./paired-accuracy.ts";

/** A static network beside a plan, on the same samples and the same target. */
export interface Rival {
  readonly name: string;
  /** On these samples, each as often as it weighs (0-1). */
  readonly accuracy: number;
  /** Its accuracy minus the plan's, percentage points, with the half width of the 95 % interval. */
  readonly accuracyGainPp: number;
  readonly accuracyGainHalfWidthPp: number;
  /** The plan's mean latency over its own. */
  readonly timesFaster: number;
}

/** Samples that plans are evaluated on: those of a split, or all held-out ones, calibration's first. */
export type EvaluatedSamples = "calibration" | "test" | HeldOutSamples;

/** A reference model whose accuracy counts samples as the space does. @param on what the space is of */
export function weighedReference(
  reference: ReferenceModel,
  space: SearchSpace,
  on: EvaluatedSamples = "calibration",
): ReferenceModel {
  const right = samplesRight(reference, on, space.samples);
  return right ? { ...reference, accuracy: accuracyOf(space, right) } : reference;
}

/**
 * Compares a reference model with a plan sample by sample.
 * @param plan which samples of the space it gets right [samples], and its mean latency at the profile's pace
 * @param on what the space is of
 * @returns undefined if it isn't known which of these samples the reference gets right
 */
export function rivalOf(
  reference: ReferenceModel,
  on: EvaluatedSamples,
  plan: { readonly correct: Uint8Array; readonly meanMs: number },
  space: SearchSpace,
): Rival | undefined {
  const { name, latencyMs } = reference;
  const correct = samplesRight(reference, on, space.samples);
  if (!correct) return undefined;
  const { differencePp, halfWidthPp } = pairedAccuracy(correct, { ...space, backboneCorrect: plan.correct });
  return {
    name,
    accuracy: accuracyOf(space, correct),
    accuracyGainPp: differencePp,
    accuracyGainHalfWidthPp: halfWidthPp,
    timesFaster: plan.meanMs / latencyMs.mean,
  };
}

/** 1 right, 0 wrong [samples]; undefined if it isn't known of these samples. */
function samplesRight(
  { right }: ReferenceModel,
  on: EvaluatedSamples,
  samples: number,
): Uint8Array | undefined {
  if (!right) return undefined;
  if (typeof on === "string") return decodeBits(right[on], samples);
  const calibration = decodeBits(right.calibration, on.calibrationSamples);
  const test = decodeBits(right.test, on.testSamples);
  return calibration && test && samples === calibration.length + test.length
    ? Uint8Array.from([...calibration, ...test])
    : undefined;
}
