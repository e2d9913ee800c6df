import type { PartitionedPlan, PlanExit, PlanFigures } from "../../model/plan.ts";
import { exitsKey } from "../../model/plan.ts";
import { type DesignSpace, findSpace } from "../../space/design-space.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import type { ChartedPlan } from "./charted-plans.ts";

export type Evaluate = (space: SearchSpace, exits: readonly PlanExit[]) => PlanFigures | null;

/** Budget of one slice of work, so that input and paint get their turn, ms. */
const sliceMs = 6;

/** Works figures out once per space and plan. Plans that don't fit have null, as do those whose partition is none of the spaces'. */
export function createFigureCache(evaluate: Evaluate) {
  const spaces = new WeakMap<SearchSpace, Map<string, PlanFigures | null>>();

  function known(space: SearchSpace): Map<string, PlanFigures | null> {
    const figures = spaces.get(space) ?? new Map();
    spaces.set(space, figures);
    return figures;
  }

  function figuresOf(partitionSpaces: readonly DesignSpace[], plan: PartitionedPlan): PlanFigures | null {
    const on = findSpace(partitionSpaces, plan);
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
  function withKnown(partitionSpaces: readonly DesignSpace[], plans: readonly ChartedPlan[]): ChartedPlan[] {
    return plans.map((plan) => {
      const on = findSpace(partitionSpaces, plan);
      return { ...plan, figures: (on && known(on.space).get(exitsKey(plan))) ?? null };
    });
  }

  /**
   * Evaluates plans until the slice is over.
   * @param from index of the first one that may be unknown
   * @param now the clock, ms
   * @returns index of the first one that is left; `plans.length` when all are known
   */
  function slice(
    partitionSpaces: readonly DesignSpace[],
    plans: readonly ChartedPlan[],
    from: number,
    now: () => number,
  ): number {
    const end = now() + sliceMs;
    let next = from;
    while (next < plans.length) {
      figuresOf(partitionSpaces, plans[next++]);
      if (now() >= end) break;
    }
    return next;
  }

  return { figuresOf, withKnown, slice };
}
