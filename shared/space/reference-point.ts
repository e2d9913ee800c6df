import type { PlanPoint } from "../pareto/pareto-front.ts";
import { type SearchSpace, totalWeight } from "./search-space.ts";

/** Counting takes as long as a hundred passes, and callers ask often. */
const points = new WeakMap<SearchSpace, ReferencePoint>();

/** The worst corner of the box that hypervolumes are shares of. */
export interface ReferencePoint extends PlanPoint {
  /** Samples that are right there, each as often as it weighs. */
  readonly right: number;
}

/**
 * The reference point of every hypervolume in a space: the latency of the backbone alone, and the accuracy of
 * the worst classifier in the space, be it a candidate's head or the backbone, each answering all samples.
 * It depends on the space alone, so any two algorithms, budgets and seeds compare on it.
 */
export function referencePoint(space: SearchSpace): ReferencePoint {
  const known = points.get(space);
  if (known) return known;
  const classifiers = [space.backboneCorrect, ...space.candidates.map((candidate) => candidate.correct)];
  const right = Math.min(...classifiers.map((correct) => weightedRight(space, correct)));
  const latencyMs = space.referenceMs ?? space.backboneMs;
  const point = { right, accuracy: right / totalWeight(space), latencyMs };
  points.set(space, point);
  return point;
}

/** Accuracy of a classifier that answers every sample, 0-1. @param correct 1 right, 0 wrong, per sample */
export function accuracyOf(space: SearchSpace, correct: Uint8Array): number {
  return weightedRight(space, correct) / totalWeight(space);
}

/** How many samples a classifier has right that answers all, each as often as it weighs. */
function weightedRight({ weights }: SearchSpace, correct: Uint8Array): number {
  if (!weights) return countRight(correct);
  let right = 0;
  for (let sample = 0; sample < correct.length; sample++) right += weights.counts[sample] * correct[sample];
  return right;
}

/** @param correct 1 right, 0 wrong, per sample */
export function countRight(correct: Uint8Array): number {
  let right = 0;
  for (let sample = 0; sample < correct.length; sample++) right += correct[sample];
  return right;
}
