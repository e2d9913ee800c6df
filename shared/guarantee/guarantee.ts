import { z } from "zod";

/** What a risk-controlled search says of the plan that it recommends. */
export const guaranteeSchema = z.object({
  /** Probability, over samples drawn like the calibration split's, that the plan meets the limits. */
  confidence: z.number(),
  /** Largest accuracy drop that is guaranteed, percentage points; absent if none was wanted. */
  maxDropPp: z.number().optional(),
  /** Smallest accuracy that is guaranteed (0-1); absent if none was wanted. */
  minAccuracy: z.number().optional(),
  method: z.literal("fixed-sequence"),
  /** Samples that plans were found and put in order on, and those that they were tested on. */
  designSamples: z.number().int(),
  controlSamples: z.number().int(),
  /** Plans that were tested, in order, and of these how many passed. */
  tested: z.number().int(),
  passed: z.number().int(),
  /** Whether the recommended plan passed; if none did, the plain choice is recommended without a guarantee. */
  holds: z.boolean(),
  /** Drop of the recommended plan on the control part, percentage points. */
  dropPp: z.number(),
  /** The smallest bound on its drop that it would pass there at this confidence, percentage points. */
  upperBoundPp: z.number(),
  /** About how many calibration samples a plan with exits would need to pass; only where none passed. */
  samplesNeeded: z.number().int().optional(),
});

export type Guarantee = Readonly<z.infer<typeof guaranteeSchema>>;
