import { planOfEntry, type SweepResult, sweptExits } from "../../evaluate/sweep.ts";
import { createFrontArchive } from "../../pareto/front-archive.ts";
import { countRight, referencePoint } from "../../space/reference-point.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import type { ThresholdGrid } from "../../space/threshold-grid.ts";
import type { Placement } from "../engine/plan-variation.ts";

/** A plan that nothing found so far beats. */
export interface ExploredPlan {
  /** The backbone alone has no exits. */
  readonly plan: Placement;
  readonly right: number;
  readonly latencyMs: number;
  /** On how many samples its neighbourhood has been looked through. */
  exploredSamples: number;
}

/** The Pareto archive of a search on one set of samples, and what there is still to explore. */
export interface LocalArchive {
  /** Takes in all plans of a sweep that nothing beats. */
  tell(result: SweepResult): void;
  /** By how much a plan would be below the front, ms; 0 if it wouldn't. */
  gain(right: number, latencyMs: number): number;
  /** All plans by rising right. */
  plans(): ExploredPlan[];
  /** Those that no mixture of two others beats: the corners of the front's lower hull, by rising right. */
  hull(): ExploredPlan[];
  /** Share of the reference box's sides between two plans. */
  distance(a: ExploredPlan, b: ExploredPlan): number;
}

/** @returns an archive that holds the backbone alone */
export function createLocalArchive(space: SearchSpace, grid: ThresholdGrid): LocalArchive {
  const { samples } = space;
  const reference = referencePoint(space);
  const minRight = reference.right;
  // What goes through several networks may take longer than the backbone alone.
  const longestMs = Math.max(reference.latencyMs, space.backboneMs);
  const fastest = new Float64Array(samples + 1);
  const archive = createFrontArchive<ExploredPlan>(samples, fastest);
  offer(countRight(space.backboneCorrect), space.backboneMs, []);

  function offer(right: number, latencyMs: number, plan: Placement): void {
    archive.offer(right, latencyMs, { plan, right, latencyMs, exploredSamples: 0 });
  }

  function tell(result: SweepResult): void {
    const { sweep, entries, right, latencyMs } = result;
    for (let entry = 0; entry < entries; entry++) {
      if (archive.dominates(right[entry], latencyMs[entry])) continue;
      offer(right[entry], latencyMs[entry], sweptExits(sweep, planOfEntry(result, entry), grid));
    }
  }

  /** Whether the middle one of three points is on or above the line between the others. */
  function isAboveLine(a: number, middle: number, b: number): boolean {
    return (fastest[middle] - fastest[a]) * (b - a) >= (fastest[b] - fastest[a]) * (middle - a);
  }

  function hull(): ExploredPlan[] {
    const corners: number[] = [];
    for (let right = minRight; right <= samples && fastest[right] <= longestMs; right++) {
      if (right < samples && fastest[right + 1] <= fastest[right]) continue;
      while (
        corners.length > 1 &&
        isAboveLine(corners[corners.length - 2], corners[corners.length - 1], right)
      )
        corners.pop();
      corners.push(right);
    }
    return corners.flatMap((right) => archive.planAt(right) ?? []);
  }

  return {
    tell,
    gain: (right, latencyMs) =>
      Math.max(0, Math.min(fastest[Math.max(0, Math.min(samples, right))], longestMs) - latencyMs),
    plans: () => archive.front().map(({ plan }) => plan),
    hull,
    distance: (a, b) =>
      Math.abs(a.right - b.right) / Math.max(1, samples - minRight) +
      Math.abs(a.latencyMs - b.latencyMs) / reference.latencyMs,
  };
}
