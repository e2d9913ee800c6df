import { z } from "zod";
import { searchStateSchema } from "../search/engine/search-state.ts";
import { thresholdedExitSchema } from "../space/thresholded-exit.ts";

const partSchema = z.object({
  /** The partition's tensor; absent: the device alone. Files have called it `cut` from the start. */
  cut: z.string().optional(),
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

/** The state of a search over all partitions, as a file keeps it: another one of the same spaces continues from there. */
export const partitionSearchStateSchema = z.object({
  /** The searches that have ended, each at its partition, in their order. */
  finished: z.array(partSchema),
  /** The current one, if more than its beginning is known. */
  current: partSchema.pick({ cut: true }).extend({ search: searchStateSchema }).optional(),
});

export type PartitionSearchState = Readonly<z.infer<typeof partitionSearchStateSchema>>;
