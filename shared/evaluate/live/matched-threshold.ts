import type { PlanExit } from "../../model/plan.ts";
import { candidateIndex } from "../../space/plan-exits.ts";
import type { Candidate, SearchSpace } from "../../space/search-space.ts";
import type { ThresholdedExit } from "../../space/thresholded-exit.ts";
import { reachingSamples } from "./reaching-samples.ts";

/** The candidate that an exit of a plan uses; undefined if the space has none. */
export function candidateOf(space: SearchSpace, exit: PlanExit): Candidate | undefined {
  return space.candidates[candidateIndex(space, exit)];
}

/** How many samples leave at an exit of those that the plan's earlier exits let pass. */
export function leavingCount(
  space: SearchSpace,
  plan: readonly PlanExit[],
  exit: PlanExit,
): number | undefined {
  const candidate = candidateOf(space, exit);
  if (!candidate) return undefined;
  const threshold = Math.fround(exit.threshold);
  let leaving = 0;
  for (const sample of reaching(space, plan, candidate))
    if (candidate.confidence[sample] >= threshold) leaving++;
  return leaving;
}

/**
 * The threshold that lets so many of the samples that reach a candidate leave there.
 * @param plan exits beside it; those at its own position and behind it don't matter
 * @param count half of those that reach it if absent; at least one and at most all leave
 */
export function thresholdFor(
  space: SearchSpace,
  plan: readonly PlanExit[],
  candidate: Candidate,
  count?: number,
): number {
  const samples = reaching(space, plan, candidate);
  const rising = Float32Array.from(samples, (sample) => candidate.confidence[sample]).sort();
  if (rising.length === 0) return 1;
  const leaving = count ?? Math.round(rising.length / 2);
  return rising[rising.length - Math.min(rising.length, Math.max(1, leaving))];
}

function reaching(space: SearchSpace, plan: readonly PlanExit[], { position }: Candidate): Int32Array {
  const earlier = plan.flatMap((exit): ThresholdedExit[] => {
    const candidate = candidateOf(space, exit);
    return candidate && candidate.position < position
      ? [{ candidate: space.candidates.indexOf(candidate), threshold: exit.threshold }]
      : [];
  });
  return reachingSamples(space, earlier);
}
