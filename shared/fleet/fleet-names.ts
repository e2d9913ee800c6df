import { z } from "zod";

/** Names of workers and tags: they become tokens of subjects, file names and columns, so they are plain and short. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;

/** What such a name may be, as part of a sentence. */
export const nameRule = "up to 63 letters, digits, hyphens and underscores, a letter or digit first";

export const fleetNameSchema = z.string().regex(namePattern, `expected ${nameRule}`);

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256 in hex");

/** A file's name among those of a job, in a folder at most; it is joined to a path, so it can't lead out of it. */
export const jobFileNameSchema = z
  .string()
  .max(200)
  .regex(/^(?:[A-Za-z0-9_][A-Za-z0-9._-]*\/)?[A-Za-z0-9_][A-Za-z0-9._-]*$/, "expected a plain file name");

/** To whom a job goes: a worker by its name, or whichever of a tag is free first. */
export const addresseeSchema = z.union([
  z.strictObject({ worker: fleetNameSchema }),
  z.strictObject({ tag: fleetNameSchema }),
]);

export type Addressee = Readonly<z.infer<typeof addresseeSchema>>;

/** The token of subjects and the name of the queue that jobs for somebody go through. */
export function queueName(to: Addressee): string {
  return "worker" in to ? `worker-${to.worker}` : `tag-${to.tag}`;
}

/** As part of a sentence. */
export function addresseeText(to: Addressee): string {
  return "worker" in to ? to.worker : `a worker with the tag ${to.tag}`;
}
