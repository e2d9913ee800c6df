import { z } from "zod";
import { searchOptionsSchema } from "./stage-options.ts";

/** From the mildest to the harshest. */
export const severities = [1, 2, 3, 4, 5] as const;

const severity = z
  .number()
  .int()
  .min(severities[0])
  .max(severities[severities.length - 1]);

/** What plans are tried under. */
export const robustnessOptionsSchema = z.strictObject({
  /** Ids; all if absent. */
  corruptions: z.array(z.string()).min(1).optional(),
  severities: z
    .array(severity)
    .min(1)
    .default([...severities]),
  samples: z
    .number()
    .int()
    .min(10)
    .default(1000)
    .describe("most test images that are corrupted, drawn class by class"),
  seed: searchOptionsSchema.shape.seed,
});

export type RobustnessOptions = Readonly<z.infer<typeof robustnessOptionsSchema>>;
