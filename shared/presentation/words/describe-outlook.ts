import { formatCount, formatFactor, formatPercent, formatPoints } from "../../base/format-number.ts";
import type { NoBoundReason, SettledOutlook } from "../../guarantee/drop-bounds.ts";
import { describeConstraint, withDefaultDrop } from "../../model/constraints.ts";
import type { UseCase } from "../../model/use-case.ts";
import { formatConfidence } from "./describe-guarantee.ts";

/** Why nothing is said of the drop on new images, with what to do where something can be done. */
export const noBoundReasons: Readonly<Record<NoBoundReason, string>> = {
  weights: "samples are weighted, and what is known of chance is of samples that count alike",
  server: "plans are partitioned, and what choosing flatters them by was estimated for one target only",
  "per-class": "thresholds per class are fitted to all calibration samples, so none is left to try them on",
  together:
    "weights of exits that answer together are fitted to all calibration samples, so none is left to try them on",
  unsearched: "how far choosing flatters a plan is found out by a search; search first",
};

/** What is wanted of the accuracy: "drop ≤ 0.50 pp"; nothing where nothing is. */
export function accuracyWish(useCase: UseCase): string | undefined {
  const { maxDropPp, minAccuracy } = withDefaultDrop(useCase);
  const wishes = [
    maxDropPp !== undefined && describeConstraint("maxDropPp", maxDropPp, "mean"),
    minAccuracy !== undefined && describeConstraint("minAccuracy", minAccuracy, "mean"),
  ].filter((wish) => wish !== false);
  return wishes.length > 0 ? wishes.join(" and ") : undefined;
}

/** In a sentence; how many images would settle it, where they aren't settled. */
export function describeOutlook(outlook: SettledOutlook, useCase: UseCase): string {
  const { upperBoundPp, confidence, keptProbability, samplesToSettle } = outlook;
  const bound = `On new images the drop is at most ${formatPoints(upperBoundPp)} (${formatConfidence(confidence)})`;
  const wish = accuracyWish(useCase);
  if (keptProbability === undefined || wish === undefined) return `${bound}.`;
  const settled =
    samplesToSettle === undefined ? "" : `; about ${formatCount(samplesToSettle)} images would settle it`;
  return `${bound}, and ${wish} is kept with ${formatProbability(keptProbability)} probability${settled}.`;
}

/** A probability that isn't certain is never said to be. */
export function formatProbability(probability: number): string {
  if (probability > 0 && probability < 0.01) return "less than 1 %";
  if (probability < 1 && probability > 0.99) return "more than 99 %";
  return formatPercent(probability, 0);
}

/** Whoever recommends a plan names the one that keeps the wish surely, or says that there is none. */
export function describeSafePlan(safe: SafePlan, useCase: UseCase): string {
  const { confidence, isRecommended, speedup, energyFactor, samplesNeeded } = safe;
  const keeps = `keeps ${accuracyWish(useCase)} on new images with ${formatConfidence(confidence)} probability`;
  if (isRecommended) return `No safer plan is needed: this one ${keeps}.`;
  if (energyFactor !== undefined)
    return `The safe plan, the one of least energy that ${keeps}, takes ${formatFactor(energyFactor)} less than the backbone.`;
  if (speedup !== undefined)
    return `The safe plan, the fastest that ${keeps}, is ${formatFactor(speedup)} as fast as the backbone.`;
  const needed =
    samplesNeeded === undefined
      ? "; more images alone would not change that"
      : `; about ${formatCount(samplesNeeded)} calibration images would show one that does`;
  const better = useCase.axis === "energy" ? "takes less energy" : "is faster";
  return `No plan that ${better} than the backbone ${keeps}${needed}.`;
}

export interface SafePlan {
  readonly confidence: number;
  /** Whether the plan that is recommended is safe itself. */
  readonly isRecommended: boolean;
  /** Of the safe plan; undefined if there is none. */
  readonly speedup?: number;
  /** How many times less energy it takes than the backbone; of a front of energies alone. */
  readonly energyFactor?: number;
  readonly samplesNeeded?: number;
}
