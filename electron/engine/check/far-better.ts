import { binomialTail } from "../../../shared/base/binomial.ts";
import type { Alternative } from "../../../shared/model/backbone-check.ts";
import { fewestChecked } from "../../../shared/model/backbone-check.ts";

/** Another choice, tried on the same images. */
export interface Trial extends Omit<Alternative, "accuracy"> {
  /** How many things are different. */
  readonly changes: number;
  /** 1 per image that it gets right, else 0. */
  readonly right: Uint8Array;
  /** 1 per image that may speak for it, 0 where it was found; all may if absent. */
  readonly tested?: Uint8Array;
}

/** Share (0-1) by which another choice has to be better to be worth mentioning. */
const minGain = 0.1;

/** Chance of naming any choice that isn't better. */
const level = 0.05;

const maxNamed = 3;

/**
 * The choices that are far better than the present one: by 10 points at least on these images, and better beyond chance
 * by McNemar's exact test. Only images on which the two differ count; were both equally good, each of them would be as
 * often the one that is right, so the number for the other is binomial with 1/2. The level of 5 % is shared by all choices
 * that were tried (Bonferroni), so fewer than one in twenty checks reports something that means nothing, however many are tried.
 * By the same measure a choice is left out if another one is far better than it, or if it isn't far better than one that
 * changes less.
 * @param right per image, 1 where the present choice is right
 * @param tried how many choices were looked at, those included that were given up early
 * @returns best first; none for fewer than 30 images
 * @see McNemar 1947, doi:10.1007/BF02295996
 */
export function farBetter(right: Uint8Array, trials: readonly Trial[], tried = trials.length): Alternative[] {
  const images = right.length;
  if (images < fewestChecked) return [];
  const beats = (one: Answered, other: Answered) => isFarBetter(one, other, level / tried);
  const found = trials.filter((trial) => beats(trial, { right }));
  const worthIt = found.filter((trial) =>
    found.every((other) => !beats(other, trial) && (other.changes >= trial.changes || beats(trial, other))),
  );
  return worthIt
    .map(({ right: own, tested, changes: _changes, ...alternative }) => ({
      ...alternative,
      accuracy: tested ? count(both(own, tested)) / count(tested) : count(own) / images,
    }))
    .sort((a, b) => b.accuracy - a.accuracy)
    .slice(0, maxNamed);
}

type Answered = Pick<Trial, "right" | "tested">;

function isFarBetter(one: Answered, other: Answered, error: number): boolean {
  const tested = both(one.tested ?? everyImage(one), other.tested ?? everyImage(other));
  const won = countWhere(both(one.right, tested), both(other.right, tested), 1, 0);
  const lost = countWhere(both(one.right, tested), both(other.right, tested), 0, 1);
  return won - lost >= minGain * count(tested) && binomialTail(lost, won + lost, 0.5) <= error;
}

function everyImage({ right }: Answered): Uint8Array {
  return new Uint8Array(right.length).fill(1);
}

function both(one: Uint8Array, other: Uint8Array): Uint8Array {
  return one.map((bit, image) => bit & other[image]);
}

function count(right: Uint8Array): number {
  return right.reduce((sum, one) => sum + one, 0);
}

function countWhere(first: Uint8Array, second: Uint8Array, isFirst: 0 | 1, isSecond: 0 | 1): number {
  let found = 0;
  for (let at = 0; at < first.length; at++) if (first[at] === isFirst && second[at] === isSecond) found++;
  return found;
}
