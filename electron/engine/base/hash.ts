import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type Job, silentJob } from "../../../shared/base/job.ts";

/** JSON of a value with object keys sorted, so that equal values give equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item) =>
    item && typeof item === "object" && !Array.isArray(item) && !ArrayBuffer.isView(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** SHA-256 (hex) of anything that JSON can hold. */
export function hashOf(value: unknown): string {
  return hashBytes(canonicalJson(value));
}

/** SHA-256 (hex) of bytes, or of text as UTF-8. */
export function hashBytes(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** @throws AppError 'cancelled' */
export async function hashFile(path: string, job: Job = silentJob): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk);
    await job.pause();
  }
  return hash.digest("hex");
}
