import type { PlanPoint } from "../pareto/pareto-front.ts";
import { correctOfReference, type SearchSpace, totalWeight } from "./search-space.ts";

/** Counting takes as long as a hundred passes, and callers ask often. */
const points = new WeakMap<SearchSpace, ReferencePoint>();

/** The worst corner of the box that hypervolumes are shares of. */
export interface ReferencePoint extends PlanPoint {
  /** Samples that are right there, each as often as it weighs. */
  readonly right: number;
}

/**
 * The reference point of every hypervolume in a space: the latency of the backbone alone, and the accuracy of
 * the worst classifier in the space, or of all spaces that share the point, be it a candidate's head or a network's
 * output, each answering all samples. It depends on the spaces alone, so any two algorithms, budgets and seeds compare on it.
 */
export function referencePoint(space: SearchSpace): ReferencePoint {
  const known = points.get(space);
  if (known) return known;
  const right = weightedRight(space, space.leastCorrect ?? worstClassifier([space]));
  const latencyMs = space.referenceMs ?? space.backboneMs;
  const point = { right, accuracy: right / totalWeight(space), latencyMs };
  points.set(space, point);
  return point;
}

/** The head or output that gets the fewest samples of all of these spaces right, of the same samples each. */
export function worstClassifier(spaces: readonly SearchSpace[]): Uint8Array {
  const [first] = spaces;
  const classifiers = spaces.flatMap(({ backboneCorrect, candidates }) => [
    backboneCorrect,
    ...candidates.map(({ correct }) => correct),
  ]);
  const right = classifiers.map((correct) => weightedRight(first, correct));
  return classifiers[right.indexOf(Math.min(...right))];
}

/** Accuracy of the backbone, which drops refer to, wherever the space ends (0-1). */
export function referenceAccuracy(space: SearchSpace): number {
  return accuracyOf(space, correctOfReference(space));
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
