import { type Random, randomInteger } from "../../base/random.ts";
import { crowdingDistances, type Losses, nonDominatedSort } from "./non-dominated-sort.ts";

/** An individual with its place in the selection: first the rank counts, then the distance. */
export type Ranked<Individual extends Losses> = Individual & {
  /** 0 is the front. */
  readonly rank: number;
  readonly distance: number;
};

/**
 * NSGA-II's survivors: whole fronts while they fit, then the least crowded of the next one.
 * @see Deb et al. 2002, section III-C, doi:10.1109/4235.996017
 */
export function selectBest<Individual extends Losses>(
  individuals: readonly Individual[],
  size: number,
): Ranked<Individual>[] {
  const selected: Ranked<Individual>[] = [];
  for (const [rank, front] of nonDominatedSort(individuals).entries()) {
    const distances = crowdingDistances(individuals, front);
    const ranked = front.map((index, k) => ({ ...individuals[index], rank, distance: distances[k] }));
    selected.push(...ranked.sort((a, b) => b.distance - a.distance).slice(0, size - selected.length));
    if (selected.length === size) break;
  }
  return selected;
}

/** The better of two drawn at random. */
export function tournament<Individual extends Losses>(
  population: readonly Ranked<Individual>[],
  random: Random,
): Ranked<Individual> {
  const a = population[randomInteger(random, population.length)];
  const b = population[randomInteger(random, population.length)];
  if (a.rank !== b.rank) return a.rank < b.rank ? a : b;
  return a.distance >= b.distance ? a : b;
}
