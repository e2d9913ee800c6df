import { pairedDifference } from "../../shared/evaluate/intervals.ts";

/**
 * Accuracy of a plan minus the backbone's on the same samples, with its 95 % interval, percentage points.
 * @param correct of the plan, [samples], 1 right, 0 wrong
 */
export function pairedAccuracy(
  correct: Uint8Array,
  backboneCorrect: Uint8Array,
): { readonly differencePp: number; readonly halfWidthPp: number } {
  let onlyPlan = 0;
  let onlyBackbone = 0;
  for (let sample = 0; sample < correct.length; sample++) {
    const difference = correct[sample] - backboneCorrect[sample];
    if (difference > 0) onlyPlan++;
    else if (difference < 0) onlyBackbone++;
  }
  const { difference, halfWidth } = pairedDifference(onlyPlan, onlyBackbone, correct.length);
  return { differencePp: 100 * difference, halfWidthPp: 100 * halfWidth };
}
