import { byId } from "../base/by-id.ts";
import { annealing } from "./annealing/annealing.ts";
import type { SearchAlgorithm } from "./engine/search-algorithm.ts";
import { exact } from "./exact/exact.ts";
import { paretoLocalSearch } from "./local/pareto-local-search.ts";
import { nsga2 } from "./nsga2/nsga2.ts";
import { randomSearch } from "./random/random-search.ts";

/** Every search algorithm; the first is the default. */
export const searchAlgorithms: readonly SearchAlgorithm[] = [
  exact,
  nsga2,
  annealing,
  randomSearch,
  paretoLocalSearch,
];

/** @throws AppError 'usage' if there is no such algorithm */
export function searchAlgorithmById(id: string): SearchAlgorithm {
  return byId(searchAlgorithms, id, "search algorithm");
}
