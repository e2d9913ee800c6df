import { type SweepResult, sweptExits } from "../../evaluate/sweep.ts";
import { createFrontArchive } from "../../pareto/front-archive.ts";
import { countRight, referencePoint } from "../../space/reference-point.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import type { ThresholdGrid } from "../../space/threshold-grid.ts";
import type { Placement } from "../engine/plan-variation.ts";

/** A plan that nothing found so far beats. */
export interface Label {
  /** The backbone alone has no exits. */
  readonly plan: Placement;
  readonly right: number;
  readonly latencyMs: number;
  /** On how many samples its neighbourhood has been looked through. */
  looked: number;
}

/** The front of a search on one set of samples, and what there is still to look at. */
export interface LabelFront {
  /** Takes in all plans of a sweep that nothing beats. */
  tell(result: SweepResult): void;
  /** By how much a plan would be below the front, ms; 0 if it wouldn't. */
  gain(right: number, latencyMs: number): number;
  /** All labels by rising right. */
  labels(): Label[];
  /** Those that no mixture of two others beats: the corners of the front's lower hull, by rising right. */
  hull(): Label[];
  /** Share of the reference box's sides between two labels. */
  distance(a: Label, b: Label): number;
}

/** @returns a front that has the backbone alone */
export function createLabelFront(space: SearchSpace, grid: ThresholdGrid): LabelFront {
  const { samples } = space;
  const reference = referencePoint(space);
  const fewest = reference.right;
  const fastest = new Float64Array(samples + 1);
  const archive = createFrontArchive<Label>(samples, fastest);
  offer(countRight(space.backboneCorrect), space.backboneMs, []);

  function offer(right: number, latencyMs: number, plan: Placement): void {
    archive.offer(right, latencyMs, { plan, right, latencyMs, looked: 0 });
  }

  function tell({ sweep, entries, plans, right, latencyMs }: SweepResult): void {
    for (let entry = 0; entry < entries; entry++) {
      if (archive.dominates(right[entry], latencyMs[entry])) continue;
      offer(right[entry], latencyMs[entry], sweptExits(sweep, plans ? plans[entry] : entry, grid));
    }
  }

  /** Whether the middle one of three points is on or above the line between the others. */
  function isAboveLine(a: number, middle: number, b: number): boolean {
    return (fastest[middle] - fastest[a]) * (b - a) >= (fastest[b] - fastest[a]) * (middle - a);
  }

  function hull(): Label[] {
    const corners: number[] = [];
    for (let right = fewest; right <= samples && fastest[right] <= reference.latencyMs; right++) {
      if (right < samples && fastest[right + 1] <= fastest[right]) continue;
      while (
        corners.length > 1 &&
        isAboveLine(corners[corners.length - 2], corners[corners.length - 1], right)
      )
        corners.pop();
      corners.push(right);
    }
    return corners.map((right) => archive.planAt(right)!);
  }

  return {
    tell,
    gain: (right, latencyMs) =>
      Math.max(0, Math.min(fastest[Math.max(0, Math.min(samples, right))], reference.latencyMs) - latencyMs),
    labels: () => archive.front().map(({ plan }) => plan),
    hull,
    distance: (a, b) =>
      Math.abs(a.right - b.right) / Math.max(1, samples - fewest) +
      Math.abs(a.latencyMs - b.latencyMs) / reference.latencyMs,
  };
}
