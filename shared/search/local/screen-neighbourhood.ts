import type { Sweep } from "../../evaluate/sweep.ts";
import { type SearchContext, WORK_PER_SWEEP } from "../engine/search-algorithm.ts";
import type { CoarseProblem } from "./coarse-problem.ts";
import type { Label, LabelFront } from "./label-front.ts";
import { neighbourSweeps } from "./neighbourhood.ts";

/**
 * The most promising sweeps of a plan's neighbourhood, at the levels that promise something: as many as take on all samples about
 * as long as the screening, and one in any case, since a search pauses between questions only. What a change does to
 * the figures is counted on the coarse problem's samples and added to the plan's own, so that most of the sampling
 * error cancels out.
 * @param label a plan of the front, with its figures on all samples
 * @returns in the order of `neighbourSweeps`, as those next to each other share passes
 */
export function screenNeighbourhood(
  context: Pick<SearchContext, "space" | "grid" | "useCase">,
  coarse: CoarseProblem,
  front: LabelFront,
  label: Label,
): Sweep[] {
  const scale = context.space.samples / coarse.space.samples;
  const own = coarse.figuresOf(label.plan);
  const screened: { readonly sweep: Sweep; readonly at: number; readonly promise: number }[] = [];
  for (const sweep of neighbourSweeps(context, label.plan)) {
    const { entries, right, latencyMs } = coarse.evaluate(sweep);
    let promise = 0;
    let fromLevel = entries;
    let toLevel = 0;
    for (let level = 0; level < entries; level++) {
      const planRight = label.right + Math.round((right[level] - own.right) * scale);
      const gain = front.gain(planRight, label.latencyMs + (latencyMs[level] - own.latencyMs));
      if (gain === 0) continue;
      promise += gain;
      fromLevel = Math.min(fromLevel, level);
      toLevel = level + 1;
    }
    const levels = promise > 0 ? { fromLevel, toLevel } : {};
    screened.push({ sweep: { ...sweep, ...levels }, at: screened.length, promise });
  }
  const cost = (screened.length * (coarse.space.samples + WORK_PER_SWEEP)) / context.space.samples;
  return screened
    .toSorted((a, b) => b.promise - a.promise)
    .slice(0, Math.max(1, Math.round(cost)))
    .filter(({ promise }, rank) => rank === 0 || promise > 0)
    .sort((a, b) => a.at - b.at)
    .map(({ sweep }) => sweep);
}
