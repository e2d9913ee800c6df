import {
  formatEnergy,
  formatFactor,
  formatMs,
  formatPercent,
  formatPoints,
} from "../../base/format-number.ts";
import type { FrontFile } from "../../files/front-file.ts";
import { costOf, type PartitionedPlan, type PlanFigures } from "../../model/plan.ts";
import { frontMeasure, type UseCase } from "../../model/use-case.ts";
import { formatProbability } from "../words/describe-outlook.ts";

/** One of the two plans that a search offers: the one that the samples call for, or the one that keeps the wish surely. */
export interface OfferedPlan {
  readonly title: "plain" | "safe" | "guaranteed";
  /** The file that a run and a search write it to. */
  readonly file: string;
  readonly plan: PartitionedPlan;
  /** In words, on the calibration split; the last two on new images, nothing where they aren't known. */
  readonly accuracy: string;
  readonly latency: string;
  readonly speedup: string;
  readonly largestDrop: string;
  readonly kept: string;
}

export const offeredFiles = { plain: "plan-plain.json", safe: "plan-safe.json" } as const;

/** The recommended plan, then the one beside it; none where there is none to choose between. */
export function offeredPlans({ recommended, guarantee, safe, useCase, backbone }: FrontFile): OfferedPlan[] {
  const offered = (
    title: OfferedPlan["title"],
    file: string,
    plan: FrontFile["recommended"],
    kept = plan.drop?.keptProbability,
  ): OfferedPlan => ({
    title,
    file,
    plan,
    accuracy: formatPercent(plan.figures.accuracy, 2),
    latency: costText(plan.figures, useCase),
    speedup: formatFactor(backbone.latencyMs / plan.figures.latencyMs.mean),
    largestDrop: plan.drop ? formatPoints(plan.drop.upperBoundPp) : "",
    kept: kept === undefined ? "" : formatProbability(kept),
  });
  if (guarantee?.holds)
    return [
      {
        ...offered("guaranteed", "plan.json", recommended, guarantee.confidence),
        largestDrop: formatPoints(guarantee.upperBoundPp),
      },
      offered("plain", offeredFiles.plain, guarantee.plain),
    ];
  if (!safe?.plan) return [];
  return [offered("plain", "plan.json", recommended), offered("safe", offeredFiles.safe, safe.plan)];
}

/** What the front counts of a plan: "mean 0.48 ms", "energy 3.2 mJ". */
export function costText(figures: PlanFigures, useCase: UseCase): string {
  const measure = frontMeasure(useCase);
  const format = measure === "energy" ? formatEnergy : formatMs;
  return `${measure} ${format(costOf(figures, useCase))}`;
}
