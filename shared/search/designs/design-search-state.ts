import { z } from "zod";
import { partitionFields } from "../../model/plan.ts";
import { thresholdedExitSchema } from "../../space/thresholded-exit.ts";
import { searchStateSchema } from "../engine/search-state.ts";

const partSchema = z.object({
  /** See `planSchema`. */
  chain: z.array(z.string()).readonly().optional(),
  /** Absent: the device alone. */
  ...partitionFields,
  proven: z.boolean(),
  gap: z.number().optional(),
  evaluations: z.number().int().nonnegative(),
  front: z.array(
    z.object({
      exits: z.array(thresholdedExitSchema).readonly(),
      right: z.number().int().nonnegative(),
      accuracy: z.number(),
      latencyMs: z.number().nonnegative(),
    }),
  ),
});

/** The state of a search over several spaces, as a file keeps it: another one of the same spaces continues from there. */
export const designSearchStateSchema = z.object({
  /** The searches that have ended, each in its space, in their order. */
  finished: z.array(partSchema),
  /** The current one, if more than its beginning is known. */
  current: partSchema
    .pick({ chain: true, cut: true, cutMember: true })
    .extend({ search: searchStateSchema })
    .optional(),
});

export type DesignSearchState = Readonly<z.infer<typeof designSearchStateSchema>>;
