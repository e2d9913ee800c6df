import type { Sweep } from "../../evaluate/sweep.ts";
import { type SearchContext, WORK_PER_SWEEP } from "../engine/search-algorithm.ts";
import type { CoarseProblem } from "./coarse-problem.ts";
import type { ExploredPlan, LocalArchive } from "./local-archive.ts";
import { neighbourSweeps } from "./neighbourhood.ts";

/**
 * The most promising sweeps of a plan's neighbourhood, at the levels that are estimated to gain something: as many as take on all samples about
 * as long as the screening, and one in any case, since a search pauses between questions only. What a change does to
 * the figures is counted on the coarse problem's samples and added to the plan's own, so that most of the sampling
 * error cancels out.
 * @param found a plan of the archive, with its figures on all samples
 * @returns in the order of `neighbourSweeps`, as those next to each other share passes
 */
export function screenNeighbourhood(
  context: Pick<SearchContext, "space" | "grid" | "useCase">,
  coarse: CoarseProblem,
  archive: LocalArchive,
  found: ExploredPlan,
): Sweep[] {
  const scale = context.space.samples / coarse.space.samples;
  const own = coarse.figuresOf(found.plan);
  const screened: { readonly sweep: Sweep; readonly at: number; readonly estimatedGainMs: number }[] = [];
  for (const sweep of neighbourSweeps(context, found.plan)) {
    const { entries, right, latencyMs } = coarse.evaluate(sweep);
    let estimatedGainMs = 0;
    let fromLevel = entries;
    let toLevel = 0;
    for (let level = 0; level < entries; level++) {
      const planRight = found.right + Math.round((right[level] - own.right) * scale);
      const gain = archive.gain(planRight, found.latencyMs + (latencyMs[level] - own.latencyMs));
      if (gain === 0) continue;
      estimatedGainMs += gain;
      fromLevel = Math.min(fromLevel, level);
      toLevel = level + 1;
    }
    const levels = estimatedGainMs > 0 ? { fromLevel, toLevel } : {};
    screened.push({ sweep: { ...sweep, ...levels }, at: screened.length, estimatedGainMs });
  }
  const cost = (screened.length * (coarse.space.samples + WORK_PER_SWEEP)) / context.space.samples;
  return screened
    .toSorted((a, b) => b.estimatedGainMs - a.estimatedGainMs)
    .slice(0, Math.max(1, Math.round(cost)))
    .filter(({ estimatedGainMs }, rank) => rank === 0 || estimatedGainMs > 0)
    .sort((a, b) => a.at - b.at)
    .map(({ sweep }) => sweep);
}
