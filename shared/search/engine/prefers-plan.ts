import type { ThresholdedExit } from "../../space/thresholded-exit.ts";

type Exits = readonly ThresholdedExit[];

/**
 * Which of two plans of the very same figures a front holds, whatever the order in which they are found: the one with
 * fewer exits, then with earlier ones, then with higher thresholds. A rival, of which no plan is known, goes first.
 */
export function prefersPlan(plan: Exits | undefined, held: Exits | undefined): boolean {
  if (!plan || !held) return held !== undefined;
  if (plan.length !== held.length) return plan.length < held.length;
  for (const [index, { candidate, threshold }] of plan.entries()) {
    const other = held[index];
    if (candidate !== other.candidate) return candidate < other.candidate;
    if (threshold !== other.threshold) return threshold > other.threshold;
  }
  return false;
}
