import { createKernelEvaluator } from "../../evaluate/kernel/kernel-evaluator.ts";
import { sweptMeasure } from "../../evaluate/latency-measure.ts";
import { createSweepEvaluator } from "../../evaluate/reference/sweep-evaluator.ts";
import { type Sweep, type SweepResult, singlePlanSweep } from "../../evaluate/sweep.ts";
import { countRight } from "../../space/reference-point.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import { thinnedSpace } from "../../space/thinned-space.ts";
import type { Placement } from "../engine/plan-variation.ts";
import type { SearchContext } from "../engine/search-algorithm.ts";

/** A search's problem on some of the samples, at the same levels: quick to answer, and wrong by their luck. */
export interface CoarseProblem {
  readonly space: SearchSpace;
  /** What the use case doesn't admit has nobody right after endless time. */
  evaluate(sweep: Sweep): SweepResult;
  /** Whether the use case admits it or not. */
  figuresOf(plan: Placement): { readonly right: number; readonly latencyMs: number };
}

/** @param samples how many to draw */
export function createCoarseProblem(
  context: Pick<SearchContext, "space" | "grid" | "useCase" | "admission" | "random" | "noteWork">,
  samples: number,
): CoarseProblem {
  const { grid, admission } = context;
  const measure = sweptMeasure(context.useCase);
  const space = thinnedSpace(context.space, samples, context.random);
  const evaluator = createKernelEvaluator(space, measure, grid) ?? createSweepEvaluator(space, measure, grid);

  function count(sweep: Sweep): SweepResult {
    const result = evaluator.evaluate(sweep);
    context.noteWork(samples + result.rows * result.columns);
    return result;
  }

  function evaluate(sweep: Sweep): SweepResult {
    const result = count(sweep);
    const admits = admission?.(sweep);
    for (let entry = 0; admits && entry < result.entries; entry++) {
      if (admits(evaluator.spread(result, entry))) continue;
      result.right[entry] = 0;
      result.latencyMs[entry] = Number.POSITIVE_INFINITY;
    }
    return result;
  }

  function figuresOf(plan: Placement) {
    if (plan.length === 0) return { right: countRight(space.backboneCorrect), latencyMs: space.backboneMs };
    const { right, latencyMs } = count(singlePlanSweep(plan));
    return { right: right[0], latencyMs: latencyMs[0] };
  }

  return { space, evaluate, figuresOf };
}
