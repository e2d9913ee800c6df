import { exactShareInterval } from "../base/binomial.ts";
import { smallestDropBound } from "./drop-test.ts";
import type { PlanEvidence } from "./plan-evidence.ts";

/** What samples show of a plan that was fixed before they were seen, each with some confidence. */
export interface PlanBounds {
  /** The drop is at most this, percentage points. */
  readonly dropPp: number;
  /** The accuracy is at least this (0-1). */
  readonly accuracy: number;
}

/** One-sided bounds of a single plan; of a plan that was chosen for these very samples they say too much. */
export function planBounds(evidence: PlanEvidence, confidence: number): PlanBounds {
  const level = 1 - confidence;
  return {
    dropPp: 100 * smallestDropBound(evidence, level),
    accuracy: exactShareInterval(evidence.right, evidence.samples, 2 * level)[0],
  };
}
