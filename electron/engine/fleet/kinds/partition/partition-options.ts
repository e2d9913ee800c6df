import { z } from "zod";
import { fleetNameSchema } from "../../../../../shared/fleet/fleet-names.ts";
import { planSchema } from "../../../../../shared/model/plan.ts";
import { targetOptionsSchema, verifyOptionsSchema } from "../../../../../shared/model/stage-options.ts";
import type { Meeting } from "../../../jobs/job-kind.ts";
import type { Side } from "../../../verify/deployed-network.ts";

/** What both halves are told. */
export const partitionOptionsSchema = z.object({
  plan: planSchema,
  target: targetOptionsSchema,
  ...verifyOptionsSchema.shape,
  /** Where the halves find each other: random, so that nobody else does. */
  meeting: z.string().regex(/^[0-9a-f]{32}$/),
  /** The worker with the other half. */
  peer: fleetNameSchema,
});

export type PartitionOptions = z.infer<typeof partitionOptionsSchema>;

/** How long one half waits for the other to be there: it may have files to fetch, and a job to end before. */
export const meetingSeconds = 600;

const openingSeconds = 600;

export function partitionNeeds({ seconds, target }: PartitionOptions) {
  return { seconds: openingSeconds + meetingSeconds + 3 * seconds, threads: target.threads };
}

export function meetingOf({ meeting, peer }: PartitionOptions, side: Side): Meeting {
  const other = side === "device" ? "server" : "device";
  return { id: meeting, side, peer: { worker: peer, side: other } };
}
