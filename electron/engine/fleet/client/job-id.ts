import type { Addressee } from "../../../../shared/fleet/fleet-names.ts";
import type { FileReferences, JobTicket } from "../../../../shared/fleet/job-ticket.ts";
import { hashOf } from "../../base/hash.ts";
import type { JobKind } from "../../jobs/job-kind.ts";

/**
 * What a job is, as SHA-256: its kind, what it works on and how. The same job has the same id whoever asks for it and however
 * often; a measurement is another job for every worker.
 */
export function jobId(
  {
    id: kind,
    edition,
    isMeasurement,
  }: Pick<JobKind<never, never, never>, "id" | "edition" | "isMeasurement">,
  inputs: FileReferences,
  { options, to, version }: Pick<JobTicket, "options" | "version"> & { readonly to: Addressee },
): string {
  const hashes = Object.fromEntries(Object.entries(inputs).map(([name, { sha256 }]) => [name, sha256]));
  return hashOf({ kind, edition, version, hashes, options, ...(isMeasurement && { to }) });
}
