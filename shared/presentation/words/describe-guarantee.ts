import { formatCount, formatPercent, formatPoints } from "../../base/format-number.ts";
import type { Guarantee } from "../../guarantee/guarantee.ts";
import type { PlanBounds } from "../../guarantee/plan-bounds.ts";
import { describeConstraint } from "../../model/constraints.ts";
import type { UseCase } from "../../model/use-case.ts";

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
 * @param exits of the recommended plan
 */
export function describeGuarantee(guarantee: Guarantee, exits: number): string {
  const { confidence, holds, controlSamples, tested, passed, dropPp, upperBoundPp } = guarantee;
  const limits = limitsOf(guarantee);
  const sure = formatConfidence(confidence);
  if (!holds)
    return `no plan, nor the backbone, is shown to keep ${limits} with ${sure} confidence on ${formatCount(controlSamples)} calibration samples; the plan comes without a guarantee${needed(guarantee)}`;
  if (exits === 0)
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

/** Said of a plan whose samples are weighted by class. */
const weightedGuarantee = "No guarantee: it holds for samples as they come, and these are weighted by class.";

/** What samples show of a plan by themselves; none where they are weighted by class. */
export type ShownBounds = PlanBounds | "weighted";

/**
 * Said, in full sentences, of a plan that is tuned by hand: on the very samples that the bounds come from, so they bind
 * nothing.
 */
export function describeBounds(
  bounds: ShownBounds,
  { maxDropPp, minAccuracy }: UseCase,
  confidence: number,
): string {
  if (bounds === "weighted") return weightedGuarantee;
  const shown = [
    maxDropPp !== undefined && `a drop of at most ${formatPoints(bounds.dropPp)}`,
    minAccuracy !== undefined && `an accuracy of at least ${formatPercent(bounds.accuracy, 2)}`,
  ].filter((text) => text !== false);
  return `No guarantee. If this plan had been fixed before these samples were seen, they would show ${shown.join(" and ")} with ${formatConfidence(confidence)} confidence. A plan that is tuned on them may do worse; a search tests its own on samples kept apart.`;
}
