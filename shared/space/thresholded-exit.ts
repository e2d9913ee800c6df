import { z } from "zod";

/** An exit of a plan, as index into the space's candidates. */
export const thresholdedExitSchema = z.object({
  candidate: z.number().int().nonnegative(),
  /** A sample leaves here if its confidence is at least this; compared as float32. */
  threshold: z.number(),
});

export type ThresholdedExit = Readonly<z.infer<typeof thresholdedExitSchema>>;
