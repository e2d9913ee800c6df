import type { CutPlan, PlanExit, PlanFigures } from "../../shared/model/plan.ts";
import { exitsKey } from "../../shared/model/same-plan.ts";
import { type CutSpace, findCut } from "../../shared/offload/cut-space.ts";
import type { SearchSpace } from "../../shared/space/search-space.ts";
import type { ChartedPlan } from "./charted-plans.ts";

export type Evaluate = (space: SearchSpace, exits: readonly PlanExit[]) => PlanFigures | null;

/** What one slice of work may take, so that input and paint come in between, ms. */
const sliceMs = 6;

/** Works figures out once per space and plan. Plans that don't fit have null, as do those whose cut is none of the ways. */
export function createFigureCache(evaluate: Evaluate) {
  const spaces = new WeakMap<SearchSpace, Map<string, PlanFigures | null>>();

  function known(space: SearchSpace): Map<string, PlanFigures | null> {
    const figures = spaces.get(space) ?? new Map();
    spaces.set(space, figures);
    return figures;
  }

  function figuresOf(ways: readonly CutSpace[], plan: CutPlan): PlanFigures | null {
    const on = findCut(ways, plan.cut);
    if (!on) return null;
    const figures = known(on.space);
    const key = exitsKey(plan);
    const found = figures.get(key);
    if (found !== undefined) return found;
    const evaluated = evaluate(on.space, plan.exits);
    figures.set(key, evaluated);
    return evaluated;
  }

  /** Gives plans the figures that are already known. */
  function withKnown(ways: readonly CutSpace[], plans: readonly ChartedPlan[]): ChartedPlan[] {
    return plans.map((plan) => {
      const on = findCut(ways, plan.cut);
      return { ...plan, figures: (on && known(on.space).get(exitsKey(plan))) ?? null };
    });
  }

  /**
   * Evaluates plans until the slice is over.
   * @param from index of the first one that may be unknown
   * @returns index of the first one that is left; `plans.length` when all are known
   */
  function slice(
    ways: readonly CutSpace[],
    plans: readonly ChartedPlan[],
    from: number,
    now: () => number = () => performance.now(),
  ): number {
    const end = now() + sliceMs;
    let next = from;
    while (next < plans.length) {
      figuresOf(ways, plans[next++]);
      if (now() >= end) break;
    }
    return next;
  }

  return { figuresOf, withKnown, slice };
}
