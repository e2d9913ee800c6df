import { z } from "zod";
import { amount, share } from "../model/bounds.ts";
import { addresseeSchema, fleetNameSchema, jobFileNameSchema, sha256Schema } from "./fleet-names.ts";

/** Files by the SHA-256 of what they hold; their bytes travel apart. */
export const fileReferenceSchema = z.strictObject({ sha256: sha256Schema, bytes: amount.int() });
export const fileReferencesSchema = z
  .record(jobFileNameSchema, fileReferenceSchema)
  .refine((files) => Object.keys(files).length <= 256, "expected at most 256 files");

export type FileReference = Readonly<z.infer<typeof fileReferenceSchema>>;
export type FileReferences = Readonly<Record<string, FileReference>>;

/** What a job needs of whoever does it. */
export const jobNeedsSchema = z.strictObject({
  /** How long it may take. */
  seconds: z
    .number()
    .positive()
    .max(30 * 86_400),
  threads: z.number().int().positive(),
});

export type JobNeeds = Readonly<z.infer<typeof jobNeedsSchema>>;

/** Times that a job is given to somebody before it counts as failed. */
export const mostTries = 3;

/** A job as it waits in its queue. Its id follows from the rest, so the same job is in the queue once. */
export const jobTicketSchema = z.strictObject({
  format: z.literal("offramp-job"),
  id: sha256Schema,
  kind: z.string().max(64),
  edition: z.number().int().nonnegative(),
  /** Version of Offramp that asks. */
  version: z.string().max(64),
  options: z.unknown(),
  inputs: fileReferencesSchema,
  to: addresseeSchema,
  needs: jobNeedsSchema,
});

export type JobTicket = Readonly<z.infer<typeof jobTicketSchema>>;

/** Who did something, for words and for whoever looks into it. */
const doneBy = { worker: fleetNameSchema, instance: z.string().max(32), tries: z.number().int().positive() };

/** How a job ended: kept until whoever asked has had it, or it expires. */
export const jobOutcomeSchema = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    id: sha256Schema,
    ...doneBy,
    /** What the work itself took, without the way there and back. */
    seconds: amount,
    value: fileReferenceSchema,
    files: fileReferencesSchema,
  }),
  z.object({
    ok: z.literal(false),
    id: sha256Schema,
    ...doneBy,
    code: z.string().max(64),
    message: z.string().max(2000),
  }),
]);

export type JobOutcome = Readonly<z.infer<typeof jobOutcomeSchema>>;

/** What is told while a job is worked on; nobody needs to hear it. */
export const jobProgressSchema = z.object({
  id: sha256Schema,
  worker: fleetNameSchema,
  tries: z.number().int().positive(),
  done: share,
  note: z.string().max(300).optional(),
  /** Something that the person should know, once. */
  warning: z.string().max(1000).optional(),
  /** Somebody has cancelled it, so nobody needs to wait any longer. */
  isCancelled: z.boolean().optional(),
});

export type JobProgress = Readonly<z.infer<typeof jobProgressSchema>>;

/** A difference of versions as a sentence, if there is one. */
export function versionDifference(worker: string, own: string, ticket: string): string | undefined {
  if (own === ticket) return undefined;
  return `${worker} has Offramp ${own} and the job is of Offramp ${ticket}; install the same version on both`;
}
