import { z } from "zod";
import { amount, share } from "./bounds.ts";
import { halfPlanSchema, latencyFiguresSchema, planFiguresSchema } from "./plan.ts";
import { weightedAccuracySchema } from "./weighted-accuracy.ts";

const samples = z.number().int().positive();

/** Paired with the backbone on the same samples. */
const dropFields = {
  /** Of the backbone (0-1). */
  backboneAccuracy: share,
  /** The backbone's accuracy minus the plan's, percentage points, and the half width of its 95 % interval. */
  accuracyDropPp: z.number(),
  accuracyDropHalfWidthPp: z.number(),
  /** Mean latency of the backbone over the plan's, both as profiled. */
  speedup: amount,
};

const reportedHalfSchema = halfPlanSchema.extend({
  /** Of the other half, on which it is reported. */
  samples,
  figures: planFiguresSchema,
  ...dropFields,
});

/**
 * What a search that takes turns says: thresholds chosen on either half of the held-out images and reported on the other,
 * so that every image counts once and none was chosen on. The plan that is written is chosen on all of them, a third plan.
 */
export const crossFitSchema = z.object({
  calibrationSamples: samples,
  testSamples: samples,
  /** The plan chosen on calibration, then the one chosen on test; none where the search was stopped before their turns. */
  halves: z.array(reportedHalfSchema).max(2),
  /** Both halves' samples together, each under the plan of the other half; absent without the halves. */
  pooled: z
    .object({
      accuracy: share,
      /** 95 % (Wilson). */
      accuracyInterval: z.tuple([share, share]),
      /** Predicted. */
      latencyMs: latencyFiguresSchema,
      ...dropFields,
      weighted: weightedAccuracySchema.optional(),
    })
    .optional(),
});

export type CrossFit = Readonly<z.infer<typeof crossFitSchema>>;
export type CrossFitEstimate = NonNullable<CrossFit["pooled"]>;

/** How many samples the two parts of all held-out ones have, calibration's first. */
export type HeldOutSamples = Pick<CrossFit, "calibrationSamples" | "testSamples">;

export function heldOutSamples({ calibrationSamples, testSamples }: HeldOutSamples): number {
  return calibrationSamples + testSamples;
}
