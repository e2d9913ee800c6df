import { formatCount, formatPoints } from "../../base/format-number.ts";
import type { Guarantee } from "../../guarantee/guarantee.ts";
import { describeConstraint } from "../../model/constraints.ts";

/** A probability as people write it: "95 %", "99.9 %". */
export function formatConfidence(confidence: number): string {
  return `${Number((100 * confidence).toFixed(2))} %`;
}

/** What was to be guaranteed: "drop ≤ 0.50 pp". */
function limitsOf({ maxDropPp, minAccuracy }: Guarantee): string {
  const limits = [
    maxDropPp !== undefined && describeConstraint("maxDropPp", maxDropPp, "mean"),
    minAccuracy !== undefined && describeConstraint("minAccuracy", minAccuracy, "mean"),
  ];
  return limits.filter((limit) => limit !== false).join(" and ");
}

/**
 * What is guaranteed of the recommended plan, in one sentence without its full stop, begun in lower case; said as plainly where
 * nothing is.
 * @param isBackbone whether the recommended plan is the backbone alone
 */
export function describeGuarantee(guarantee: Guarantee, isBackbone: boolean): string {
  const { confidence, holds, controlSamples, tested, passed, dropPp, upperBoundPp } = guarantee;
  const limits = limitsOf(guarantee);
  const sure = formatConfidence(confidence);
  if (!holds)
    return `no plan, nor the backbone, is shown to keep ${limits} with ${sure} confidence on ${formatCount(controlSamples)} calibration samples; the plan comes without a guarantee${needed(guarantee)}`;
  if (isBackbone)
    return `only the backbone alone is shown to keep ${limits} with ${sure} confidence on ${formatCount(controlSamples)} calibration samples${needed(guarantee)}`;
  return `${limits} is guaranteed with ${sure} confidence: on ${formatCount(controlSamples)} calibration samples kept apart for the test the drop is ${formatPoints(dropPp)}, its upper bound ${formatPoints(upperBoundPp)}; ${passed} of ${tested} plans tested passed`;
}

function needed({ samplesNeeded }: Guarantee): string {
  if (samplesNeeded === undefined) return "";
  return `; a plan with exits would take about ${formatCount(samplesNeeded)} calibration samples`;
}

/** Said where a guarantee was wanted and the plan is none that a search has tested. */
export const untestedGuarantee =
  "nothing is guaranteed of this plan, as it has not been tested; a search that goes on to its end tests the plan that it recommends";
