import { AppError } from "../../base/errors.ts";
import type { UseCase } from "../../model/use-case.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import type { FrontPoint } from "./front-point.ts";
import type { SearchAlgorithm } from "./search-algorithm.ts";
import type { SearchObserver } from "./search-observer.ts";
import type { SearchState } from "./search-state.ts";
import type { SearchGoal } from "./search-target.ts";

/**
 * A search, described once. It says nothing of time, which is the job's: a search that is told that its time is up goes on
 * later where it was.
 */
export interface SearchTask {
  readonly space: SearchSpace;
  readonly algorithm: SearchAlgorithm;
  /** The algorithm's own options; defaults are filled in. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly useCase: UseCase;
  /** The front unless said otherwise. */
  readonly goal?: SearchGoal;
  /** The most plans that may be evaluated; may be infinite for an exhaustive algorithm. */
  readonly budget: number;
  readonly seed: number;
  /** Plans from elsewhere that plans have to beat to be on the front, where these are not. */
  readonly rivals?: readonly Pick<FrontPoint, "right" | "latencyMs">[];
  readonly observer?: SearchObserver;
  /** Where a search of the same task was left; the front is then the same, if both are proven. */
  readonly resume?: SearchState;
}

/** @throws AppError 'usage' if the budget is no number of plans that the algorithm could evaluate and end */
export function checkBudget({ budget, algorithm }: Pick<SearchTask, "budget" | "algorithm">): void {
  const isEnough = budget >= 1 && (Number.isFinite(budget) || algorithm.exhaustive);
  if (isEnough) return;
  const expected = algorithm.exhaustive ? "at least 1" : "a finite number of at least 1";
  throw new AppError("usage", `budget of search '${algorithm.id}' is ${budget}, expected ${expected}`);
}
