import { decodeBits } from "../../base/bit-text.ts";
import { unpairedHalfWidth } from "../../base/intervals.ts";
import type { HeldOutSamples } from "../../model/cross-fit.ts";
import type { ReferenceModel } from "../../model/reference-model.ts";
import { accuracyOf } from "../../space/reference-point.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import { pairedAccuracy } from "./paired-accuracy.ts";

/** A network beside a plan, on the same samples and the same target. */
export interface Rival {
  readonly name: string;
  /** On these samples, each as often as it weighs (0-1). */
  readonly accuracy: number;
  /** Its accuracy minus the plan's, percentage points, with the half width of the 95 % interval. */
  readonly accuracyGainPp: number;
  readonly accuracyGainHalfWidthPp: number;
  /** The plan's mean latency over its own. */
  readonly timesFaster: number;
  /** Whether it has exits itself; a static network if absent. */
  readonly hasExits?: boolean;
  /** Whether it is one of the networks that plans may go through. */
  readonly isOwn?: boolean;
  /** Whether the interval is that of two shares, as it isn't known which samples the network gets right. */
  readonly isUnpaired?: boolean;
}

/** Static networks beside a plan. */
export interface RivalsFound {
  readonly rivals: readonly Rival[];
  /** Names of those that were measured on other samples, so that nothing can be said of them. */
  readonly uncompared: readonly string[];
}

/** What a plan is compared by. */
interface ComparedPlan {
  /** Which samples of the space it gets right [samples]. */
  readonly correct: Uint8Array;
  /** Mean latency at the profile's pace. */
  readonly meanMs: number;
}

/** Compares reference models with a plan. @param on what the space is of */
export function rivalsOf(
  references: readonly ReferenceModel[],
  on: EvaluatedSamples,
  plan: ComparedPlan,
  space: SearchSpace,
): RivalsFound {
  const found = references.map((reference) => rivalOf(reference, on, plan, space) ?? reference.name);
  return {
    rivals: found.filter((one) => typeof one !== "string"),
    uncompared: found.filter((one) => typeof one === "string"),
  };
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
 * Compares a reference model with a plan sample by sample. Where it isn't known which samples the reference gets right, there
 * is its accuracy on the calibration split.
 * @param on what the space is of
 * @returns undefined if nothing is known of it on these samples
 */
export function rivalOf(
  reference: ReferenceModel,
  on: EvaluatedSamples,
  plan: ComparedPlan,
  space: SearchSpace,
): Rival | undefined {
  const { name, right, latencyMs } = reference;
  if (!right) return on === "calibration" ? unpairedRival(reference, plan, space) : undefined;
  const correct = samplesRight(reference, on, space.samples);
  if (!correct) return undefined;
  return pairedRival({ name, correct, meanMs: latencyMs.mean }, plan, space);
}

/**
 * Compares one of the project's networks by itself with a plan.
 * @param alone the space of the network's own plans, of the plan's samples and target
 */
export function ownRival(name: string, alone: SearchSpace, plan: ComparedPlan): Rival {
  const own = { name, correct: alone.backboneCorrect, meanMs: alone.backboneMs };
  return { ...pairedRival(own, plan, alone), isOwn: true };
}

function pairedRival(
  { name, correct, meanMs }: ComparedPlan & { readonly name: string },
  plan: ComparedPlan,
  space: SearchSpace,
): Rival {
  const { differencePp, halfWidthPp } = pairedAccuracy(correct, { ...space, referenceCorrect: plan.correct });
  return {
    name,
    accuracy: accuracyOf(space, correct),
    accuracyGainPp: differencePp,
    accuracyGainHalfWidthPp: halfWidthPp,
    timesFaster: plan.meanMs / meanMs,
  };
}

/** Weights count samples, and here it isn't known which. */
function unpairedRival(
  { name, accuracy, latencyMs }: ReferenceModel,
  plan: ComparedPlan,
  space: SearchSpace,
): Rival | undefined {
  if (space.weights) return undefined;
  const own = accuracyOf(space, plan.correct);
  return {
    name,
    accuracy,
    accuracyGainPp: 100 * (accuracy - own),
    accuracyGainHalfWidthPp: 100 * unpairedHalfWidth(accuracy, own, space.samples),
    timesFaster: plan.meanMs / latencyMs.mean,
    isUnpaired: true,
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
