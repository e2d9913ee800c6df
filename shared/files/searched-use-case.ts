import { samePlainData } from "../base/plain-data.ts";
import { withDefaultDrop } from "../model/constraints.ts";
import type { CrossFit } from "../model/cross-fit.ts";
import type { UseCase } from "../model/use-case.ts";
import type { FrontFile } from "./front-file.ts";

/** What the search guarantees of the plan that it recommends, if that is what a use case wants now. */
export function guaranteeFor(
  front: Pick<FrontFile, "guarantee"> | null | undefined,
  useCase: UseCase,
): FrontFile["guarantee"] {
  const guarantee = front?.guarantee;
  const { confidence, maxDropPp, minAccuracy } = withDefaultDrop(useCase);
  const isWanted =
    guarantee?.confidence === confidence &&
    guarantee?.maxDropPp === maxDropPp &&
    guarantee?.minAccuracy === minAccuracy;
  return isWanted ? guarantee : undefined;
}

/**
 * What is reported of a plan, of a front that was chosen on all held-out images: without the halves, which say nothing of it, if
 * it isn't the plan that the search recommends.
 */
export function crossFitFor(
  front: Pick<FrontFile, "crossFit"> | null | undefined,
  isRecommended: boolean,
): CrossFit | undefined {
  const crossFit = front?.crossFit;
  return crossFit && !isRecommended ? { ...crossFit, halves: [], pooled: undefined } : crossFit;
}

/** Whether two use cases weigh the samples alike, so that figures of one stand beside those of the other. */
export function isWeightedAlike(a: Pick<UseCase, "classWeights">, b: Pick<UseCase, "classWeights">): boolean {
  return samePlainData(a.classWeights ?? null, b.classWeights ?? null);
}
