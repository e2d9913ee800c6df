import { z } from "zod";

/** What train.py says of an epoch; its accuracies are those of a slice of the training images, 0-1. */
export const trainedEpochSchema = z.object({
  /** 0 before anything was learnt. */
  epoch: z.number().int().nonnegative(),
  of: z.number().int().positive(),
  /** Per output, the network's own last. */
  accuracies: z.array(z.number()),
  /** Mean over the epoch's steps. */
  loss: z.number().optional(),
});

/** The same while a training runs. */
export const tunedEpochSchema = trainedEpochSchema.extend({
  /** By the pace so far; unknown before the first epoch has ended. */
  remainingSeconds: z.number().optional(),
});

export type TunedEpoch = Readonly<z.infer<typeof tunedEpochSchema>>;
