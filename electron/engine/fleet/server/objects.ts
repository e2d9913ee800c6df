import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import type { ObjectStore } from "@nats-io/obj";
import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import type { FileReference } from "../../../../shared/fleet/job-ticket.ts";
import { draftOf } from "../../../disk/drafts.ts";
import { hashBytes } from "../../base/hash.ts";
import { isCutOff, SilentServer } from "./persistently.ts";
import { keptMs } from "./streams.ts";

/** Files cross in pieces of this size, each acknowledged; a server takes 1 MiB unless told otherwise. */
const pieceBytes = 512 * 1024;

/** A file that is there is sent again once half of its time is over, so that it outlives the job that needs it. */
const freshMs = keptMs / 2;

/** A file of which nothing more comes for so long has lost parts on the server, or the server is out of reach. */
const silenceMs = 30_000;

/**
 * Keeps bytes on the server under their SHA-256, unless they are there already.
 * @returns what to ask for them by
 */
export async function putBytes(store: ObjectStore, bytes: Uint8Array): Promise<FileReference> {
  const reference = { sha256: hashBytes(bytes), bytes: bytes.length };
  if (!(await isFresh(store, reference))) await store.putBlob(describedAs(reference), bytes);
  return reference;
}

/** The same of a file whose hash is known. */
export async function putFile(store: ObjectStore, path: string, reference: FileReference): Promise<void> {
  if (await isFresh(store, reference)) return;
  const stream = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
  await store.put(describedAs(reference), stream);
}

function describedAs({ sha256 }: FileReference) {
  return { name: sha256, options: { max_chunk_size: pieceBytes } };
}

/** Whether a file is on the server, and for long enough yet. */
export async function isFresh(store: ObjectStore, { sha256, bytes }: FileReference): Promise<boolean> {
  const info = await store.info(sha256);
  return (
    info !== null && !info.deleted && info.size === bytes && Date.now() - Date.parse(info.mtime) < freshMs
  );
}

/**
 * Brings a file from the server, and keeps it only if it is what its name says.
 * @param path where it appears, whole or not at all
 * @throws AppError 'fleet-unavailable' if it isn't there any more or isn't what it should be, 'cancelled'
 */
export async function fetchFile(
  store: ObjectStore,
  reference: FileReference,
  path: string,
  job: Job,
): Promise<void> {
  const draft = draftOf(path);
  const file = await open(draft, "w", 0o600);
  try {
    let received = 0;
    for await (const chunk of verifiedChunks(store, reference)) {
      // Not `write`, which on a full disk writes a part and says nothing.
      await file.writeFile(chunk);
      received += chunk.length;
      job.report(received, reference.bytes);
      await job.pause();
    }
    await file.close();
    await rename(draft, path);
  } catch (cause) {
    await file.close().catch(() => {});
    await rm(draft, { force: true });
    throw cause;
  }
}

/**
 * The same, in memory.
 * @param maxBytes a larger one isn't even asked for
 */
export async function fetchBytes(
  store: ObjectStore,
  reference: FileReference,
  maxBytes: number,
): Promise<Uint8Array> {
  if (reference.bytes > maxBytes)
    throw damaged(reference.sha256, `takes ${reference.bytes} bytes, expected at most ${maxBytes}`);
  const parts: Uint8Array[] = [];
  for await (const chunk of verifiedChunks(store, reference)) parts.push(chunk);
  return new Uint8Array(Buffer.concat(parts));
}

/** A file's bytes, never more than it says; it ends well only if they are what the name says. */
async function* verifiedChunks(
  store: ObjectStore,
  { sha256, bytes }: FileReference,
): AsyncGenerator<Uint8Array> {
  const found = await store.get(sha256);
  if (!found) throw damaged(sha256, "is gone");
  // What it rejects with, the stream throws as well.
  found.error.catch(() => {});
  const reader = found.data.getReader();
  const hash = createHash("sha256");
  let received = 0;
  try {
    for (;;) {
      const { done, value } = await withinSilence(reader.read(), sha256);
      if (done) break;
      received += value.length;
      if (received > bytes) throw damaged(sha256, "is longer than it says");
      hash.update(value);
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
  if (received < bytes || hash.digest("hex") !== sha256) throw damaged(sha256, "isn't what its name says");
}

async function withinSilence<Result>(reading: Promise<Result>, sha256: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new SilentServer("fleet-unavailable", damaged(sha256, "is no longer whole").message)),
      silenceMs,
    );
  });
  try {
    return await Promise.race([reading, silence]);
  } catch (cause) {
    if (cause instanceof AppError || isCutOff(cause)) throw cause;
    throw damaged(sha256, `can't be read (${(cause as Error).message})`);
  } finally {
    clearTimeout(timer);
  }
}

function damaged(sha256: string, what: string): AppError {
  return new AppError(
    "fleet-unavailable",
    `the file ${sha256.slice(0, 8)}… on the server ${what}; try again`,
  );
}
