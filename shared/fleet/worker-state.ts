import { z } from "zod";
import { amount, share } from "../model/bounds.ts";
import { type Addressee, addresseeText, fleetNameSchema, sha256Schema } from "./fleet-names.ts";

/** Words of a machine, which a broken worker may make as long as it likes. */
const words = z.string().max(300);

/**
 * What a worker says of itself every few seconds. Times are lengths and not moments: the clocks of a board and of whoever
 * looks needn't agree.
 */
export const workerStateSchema = z.object({
  format: z.literal("offramp-worker"),
  name: fleetNameSchema,
  /** Tells this process from any other of the same name. */
  instance: z.string().regex(/^[0-9a-f]{16}$/),
  pid: z.number().int().positive(),
  host: words,
  tags: z.array(fleetNameSchema).max(32),
  /** Version of Offramp: what it is given must be of the same. */
  version: words,
  device: words,
  cores: z.number().int().positive(),
  memoryBytes: amount,
  operatingSystem: words,
  runtime: words,
  node: words,
  providers: z.array(words).max(32),
  /** What a job may use of it at most. */
  limits: z.object({ memoryBytes: amount, threads: z.number().int().positive() }),
  /** Share of the processor that was busy lately, 0-1. */
  load: share,
  upSeconds: amount,
  doing: z
    .object({ job: sha256Schema, kind: words, done: share, note: words.optional(), forSeconds: amount })
    .nullable(),
});

export type WorkerState = Readonly<z.infer<typeof workerStateSchema>>;

/** Whether jobs for somebody are a worker's too. */
export function takesJobsFor(worker: WorkerState, to: Addressee): boolean {
  return "worker" in to ? worker.name === to.worker : worker.tags.includes(to.tag);
}

/** Why a worker of another version gets no jobs of ours, as a sentence; undefined of the same. */
export function otherVersionText({ name, version }: WorkerState, own: string): string | undefined {
  if (version === own) return undefined;
  return `${name} has Offramp ${version}, here is ${own}; it gets no jobs until both are of the same version`;
}

/** Who could be meant instead of somebody that isn't there, as a sentence. */
export function absenceText(to: Addressee, there: readonly WorkerState[]): string {
  const names = [...new Set(there.map(({ name }) => name))].sort();
  const tags = [...new Set(there.flatMap((worker) => worker.tags))].sort();
  if (names.length === 0) return `${addresseeText(to)} isn't there, and no other worker either`;
  const tagged = tags.length > 0 ? `; tags: ${tags.join(", ")}` : "";
  return `${addresseeText(to)} isn't there; there are ${names.join(", ")}${tagged}`;
}
