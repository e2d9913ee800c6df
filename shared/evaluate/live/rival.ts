import { decodeBits } from "../../base/bit-text.ts";
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

/** A reference model whose accuracy on the calibration split counts samples as the space does. */
export function weighedReference(reference: ReferenceModel, space: SearchSpace): ReferenceModel {
  const right = reference.right && decodeBits(reference.right.calibration, space.samples);
  return right ? { ...reference, accuracy: accuracyOf(space, right) } : reference;
}

/**
 * Compares a reference model with a plan sample by sample.
 * @param plan which samples of the space it gets right [samples], and its mean latency at the profile's pace
 * @param space of the split
 * @returns undefined if it isn't known which of these samples the reference gets right
 */
export function rivalOf(
  { name, right, latencyMs }: ReferenceModel,
  split: "calibration" | "test",
  plan: { readonly correct: Uint8Array; readonly meanMs: number },
  space: SearchSpace,
): Rival | undefined {
  const correct = right && decodeBits(right[split], space.samples);
  if (!correct) return undefined;
  const { differencePp, halfWidthPp } = pairedAccuracy(correct, { ...space, referenceCorrect: plan.correct });
  return {
    name,
    accuracy: accuracyOf(space, correct),
    accuracyGainPp: differencePp,
    accuracyGainHalfWidthPp: halfWidthPp,
    timesFaster: plan.meanMs / latencyMs.mean,
  };
}
