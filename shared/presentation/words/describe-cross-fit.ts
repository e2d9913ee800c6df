import { formatCount, formatFactor, formatPoints } from "../../base/format-number.ts";
import { type CrossFit, heldOutSamples } from "../../model/cross-fit.ts";

/** What a plan was chosen on: "on the calibration split". */
export function chosenOnWords(crossFit: CrossFit | undefined): string {
  return crossFit ? "on all held-out images" : "on the calibration split";
}

/** Of an accuracy that is no evidence. */
export const onChosenImages = "on images that it was chosen on";

/** Where an accuracy comes from that is reported of a plan which was chosen on the test images too. */
export function estimateWords({ pooled }: CrossFit): string {
  return pooled ? "by the cross-fitted estimate" : onChosenImages;
}

/** What was done, and what it says, in sentences. */
export function describeCrossFit(crossFit: CrossFit): string {
  const { pooled } = crossFit;
  const images = `${formatCount(heldOutSamples(crossFit))} held-out images`;
  if (!pooled)
    return (
      `This plan was chosen on all ${images}, so none of them can say how accurate it is, and accuracies flatter it. Of the ` +
      "plan that it recommends a search that takes turns says more once it has gone on to its end."
    );
  const { accuracyDropPp, accuracyDropHalfWidthPp, speedup } = pooled;
  const drop = `${formatPoints(accuracyDropPp)} ± ${formatPoints(accuracyDropHalfWidthPp)}`;
  return (
    `Cross-fitted: plans were chosen on each half of the ${images} and reported on the other, with an accuracy drop of ${drop} ` +
    `(95 %) and ${formatFactor(speedup)} as fast as the backbone, predicted. This plan is a third one, chosen on all of them: ` +
    "what it does there itself flatters it."
  );
}
