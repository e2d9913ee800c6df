import type { PlanExit, PlanFigures } from "../../shared/domain/plan.ts";
import type { SearchSpace } from "../../shared/search/search-space.ts";
import { type ChartedPlan, planKey } from "./charted-plans.ts";

export type Evaluate = (space: SearchSpace, exits: readonly PlanExit[]) => PlanFigures | null;

/** What one slice of work may take, so that input and paint come in between, ms. */
const sliceMs = 6;

/** Works figures out once per space and plan. Plans that don't fit the space have null. */
export function createFigureCache(evaluate: Evaluate) {
  const spaces = new WeakMap<SearchSpace, Map<string, PlanFigures | null>>();

  function known(space: SearchSpace): Map<string, PlanFigures | null> {
    const figures = spaces.get(space) ?? new Map();
    spaces.set(space, figures);
    return figures;
  }

  function figuresOf(space: SearchSpace, exits: readonly PlanExit[]): PlanFigures | null {
    const figures = known(space);
    const key = planKey(exits);
    const found = figures.get(key);
    if (found !== undefined) return found;
    const evaluated = evaluate(space, exits);
    figures.set(key, evaluated);
    return evaluated;
  }

  /** Gives plans the figures that are already known. */
  function withKnown(space: SearchSpace, plans: readonly ChartedPlan[]): ChartedPlan[] {
    const figures = known(space);
    return plans.map((plan) => ({ ...plan, figures: figures.get(planKey(plan.exits)) ?? null }));
  }

  /**
   * Evaluates plans until the slice is over.
   * @param from index of the first one that may be unknown
   * @returns index of the first one that is left; `plans.length` when all are known
   */
  function slice(
    space: SearchSpace,
    plans: readonly ChartedPlan[],
    from: number,
    now: () => number = () => performance.now(),
  ): number {
    const end = now() + sliceMs;
    let next = from;
    while (next < plans.length) {
      figuresOf(space, plans[next++].exits);
      if (now() >= end) break;
    }
    return next;
  }

  return { figuresOf, withKnown, slice };
}
