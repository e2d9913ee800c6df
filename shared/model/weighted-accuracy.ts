import { z } from "zod";

/** Where samples are weighted: of how many equal ones the figures are worth, and accuracies and their drop with all alike. */
export const weightedAccuracySchema = z.object({
  effectiveSamples: z.number(),
  unweighted: z.object({
    backbone: z.number(),
    plan: z.number(),
    accuracyDropPp: z.number(),
    accuracyDropHalfWidthPp: z.number(),
  }),
});

export type WeightedAccuracy = Readonly<z.infer<typeof weightedAccuracySchema>>;
