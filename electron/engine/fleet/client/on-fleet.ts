import { setTimeout as delay } from "node:timers/promises";
import { AppError, type ErrorCode } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import { plainText } from "../../../../shared/base/plain-text.ts";
import { type Addressee, addresseeText } from "../../../../shared/fleet/fleet-names.ts";
import type { FileReference, JobOutcome, JobTicket } from "../../../../shared/fleet/job-ticket.ts";
import { implausible } from "../../jobs/implausible.ts";
import type { JobKind, JobResult, JobRunner, LazyFile, PackedFiles } from "../../jobs/job-kind.ts";
import type { ServerConnection } from "../server/connection.ts";
import { fetchBytes, isFresh, putBytes } from "../server/objects.ts";
import { ownVersion } from "../server/own-version.ts";
import { isCutOff, persistently } from "../server/persistently.ts";
import { cancel, forgetOutcome, onOutcome, onProgress, outcomeOf, submit } from "../server/queue.ts";
import type { FleetStore } from "../server/streams.ts";
import { jobId } from "./job-id.ts";
import { checkOnce, workersFor } from "./who-is-there.ts";

/** A server with its workers, as who gives them work sees it. */
export interface Fleet {
  readonly connection: ServerConnection;
  readonly store: FleetStore;
}

/** How often a cancel is looked for, an outcome whose message was missed, and who is there. */
const lookMs = 100;
const askMs = 2000;
const rollMs = 5000;

/** JSON of a result. */
const maxValueBytes = 256 * 2 ** 20;

/**
 * Has jobs done by a worker, or by whichever of a tag is free. A job that was done before, or is being done for somebody
 * else, is not done again; who stops waiting and comes back gets what was made meanwhile.
 */
export function doneBy(fleet: Fleet, to: Addressee): JobRunner {
  const check = checkOnce(fleet, to);
  return {
    places: async () => Math.max(1, (await workersFor(fleet, to)).length),
    run: async (kind, subject, given, { job }) => {
      const options = kind.options.parse(given);
      try {
        await check(job);
        job.report(0, 1, "sending what it needs");
        const ticket = await ticketFor(fleet, kind, await kind.pack(subject, options), options, to, job);
        const read = (outcome: JobOutcome) => resultOf(fleet, kind, outcome, { subject, options, job });
        const before = await keptResult(fleet, ticket, job, read);
        if (before) return before;
        return await read(await waitFor(fleet, ticket, job));
      } catch (cause) {
        throw isCutOff(cause) ? unanswered(fleet, cause) : cause;
      }
    },
  };
}

function unanswered({ connection: { address } }: Fleet, cause: unknown): AppError {
  return new AppError(
    "fleet-unavailable",
    `the server ${address} doesn't answer (${(cause as Error).message}); what was given to workers goes on, so ask again once it does`,
    {},
    { cause },
  );
}

async function ticketFor<Options>(
  { store }: Fleet,
  kind: Pick<JobKind<never, Options, never>, "id" | "edition" | "isMeasurement" | "needs">,
  files: PackedFiles,
  options: Options,
  to: Addressee,
  job: Job,
): Promise<JobTicket> {
  const inputs = await inTurn(job, () => sendInputs(store, files, job));
  const asked = { options, to, version: ownVersion };
  const id = jobId(kind, inputs, asked);
  const { id: name, edition } = kind;
  return { format: "offramp-job", id, kind: name, edition, ...asked, inputs, needs: kind.needs(options) };
}

/** The files of one job are made and sent after those of another, one in memory at a time: workers begin with the first meanwhile. */
let sending: Promise<void> = Promise.resolve();

async function inTurn<Result>(job: Job, send: () => Promise<Result>): Promise<Result> {
  const before = sending;
  let end = () => {};
  const own = new Promise<void>((resolve) => {
    end = resolve;
  });
  sending = own;
  try {
    while (!(await isOverWithin(before, lookMs))) await job.pause();
    return await send();
  } finally {
    // Who is cancelled while it waits lets nobody pass before its turn.
    before.then(end);
  }
}

function isOverWithin(work: Promise<void>, ms: number): Promise<boolean> {
  return Promise.race([work.then(() => true), delay(ms, false)]);
}

async function sendInputs(
  store: FleetStore,
  files: PackedFiles,
  job: Job,
): Promise<Record<string, FileReference>> {
  const inputs: Record<string, FileReference> = {};
  for (const [name, file] of Object.entries(files)) {
    inputs[name] = await persistently(
      () => (file instanceof Uint8Array ? putBytes(store.inputs, file) : putOnce(store, file)),
      job,
    );
    await job.pause();
  }
  return inputs;
}

/** What was sent of a file that several jobs may need. */
const sentFiles = new WeakMap<FleetStore, WeakMap<LazyFile, FileReference>>();

async function putOnce(store: FleetStore, file: LazyFile): Promise<FileReference> {
  const sent = sentFiles.get(store) ?? new WeakMap<LazyFile, FileReference>();
  sentFiles.set(store, sent);
  const known = sent.get(file);
  if (known && (await isFresh(store.inputs, known))) return known;
  const reference = await putBytes(store.inputs, await file.bytes());
  sent.set(file, reference);
  return reference;
}

/** What was made of this job before, if that can be taken; a failure is told once, and the next time it is tried again. */
async function keptResult<Value>(
  { connection }: Fleet,
  { id }: JobTicket,
  job: Job,
  read: (outcome: JobOutcome) => Promise<JobResult<Value>>,
): Promise<JobResult<Value> | undefined> {
  const outcome = await persistently(() => outcomeOf(connection, id), job);
  if (!outcome) return undefined;
  if (!outcome.ok) return read(outcome);
  return read(outcome).catch((cause) => {
    if (cause instanceof AppError && cause.code === "fleet-unavailable") return undefined;
    throw cause;
  });
}

/** Has a job done: waits until somebody has said how it ended, and tells what is heard of it meanwhile. */
async function waitFor(fleet: Fleet, ticket: JobTicket, job: Job): Promise<JobOutcome> {
  const { connection } = fleet;
  const { id, to } = ticket;
  let isTold = true;
  let isCancelled = false;
  const outcomes = onOutcome(connection, id, () => {
    isTold = true;
  });
  const progress = onProgress(
    connection,
    id,
    ({ worker, done, note, warning, isCancelled: ended, tries }) => {
      if (ended) isCancelled = true;
      if (warning !== undefined) job.warn?.(`${worker}: ${plainText(warning)}`);
      const again = tries > 1 ? `, try ${tries}` : "";
      job.report(done, 1, `${worker}${again}${note === undefined ? "" : `: ${plainText(note)}`}`);
    },
  );
  try {
    await persistently(() => submit(connection, ticket), job);
    let [asked, called] = [0, performance.now()];
    for (;;) {
      await job.pause();
      const now = performance.now();
      if (isTold || now - asked > askMs) {
        isTold = false;
        asked = now;
        const outcome = await outcomeOf(connection, id).catch(unlessCutOff);
        if (outcome) return outcome;
        if (isCancelled) throw new AppError("fleet-unavailable", "somebody else has cancelled this job");
      }
      if (now - called > rollMs) {
        called = now;
        const there = await workersFor(fleet, to).catch(unlessCutOff);
        if (there?.length === 0)
          job.report(0, 1, `${addresseeText(to)} is gone; waiting for it to come back`);
        // It may have left the queue as the end of an earlier try; where it is still there, or done, this does nothing.
        await submit(connection, ticket).catch(unlessCutOff);
      }
      await delay(lookMs);
    }
  } catch (cause) {
    if (cause instanceof AppError && cause.code === "cancelled")
      await cancel(connection, to, id).catch(() => {});
    throw cause;
  } finally {
    outcomes.unsubscribe();
    progress.unsubscribe();
  }
}

/** The client connects again by itself; until then nothing is known. */
function unlessCutOff(): undefined {
  return undefined;
}

/**
 * A worker's result, once it was found to be one.
 * @throws AppError 'fleet-unavailable' if it isn't; the worker's own if it has failed
 */
async function resultOf<Subject, Options, Value>(
  { connection, store }: Fleet,
  kind: JobKind<Subject, Options, Value>,
  outcome: JobOutcome,
  { subject, options, job }: { readonly subject: Subject; readonly options: Options; readonly job: Job },
): Promise<JobResult<Value>> {
  if (!outcome.ok) {
    // Told, it is done with: the next time it is tried again.
    await persistently(() => forgetOutcome(connection, outcome.id), job);
    throw failureOf(outcome);
  }
  try {
    const bytes = Object.values(outcome.files).reduce((sum, file) => sum + file.bytes, 0);
    if (bytes > kind.maxResultBytes) throw implausible(`its files take ${bytes} bytes`);
    const fetch = (file: FileReference, most: number) =>
      persistently(() => fetchBytes(store.results, file, most), job);
    const text = new TextDecoder().decode(await fetch(outcome.value, maxValueBytes));
    const value = kind.value.safeParse(jsonOf(text));
    if (!value.success) throw implausible(value.error.issues[0].message);
    const files: Record<string, Uint8Array> = {};
    for (const [name, file] of Object.entries(outcome.files))
      files[name] = await fetch(file, kind.maxResultBytes);
    const result = { value: value.data, files };
    kind.check(result, subject, options);
    if (kind.isReusable?.(result.value) === false)
      await persistently(() => forgetOutcome(connection, outcome.id), job);
    return result;
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code === "cancelled") throw cause;
    await persistently(() => forgetOutcome(connection, outcome.id), job);
    throw new AppError(cause.code, `${outcome.worker}: ${cause.message}`, cause.details, { cause });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw implausible("it is no JSON");
  }
}

/** In the worker's own words, which a stranger may have chosen: it can't say that the person has stopped. */
function failureOf({ worker, code, message }: Extract<JobOutcome, { ok: false }>): AppError {
  const isOwn = code === "cancelled" || !/^[a-z-]+$/.test(code);
  return new AppError(isOwn ? "fleet-unavailable" : (code as ErrorCode), `${worker}: ${plainText(message)}`);
}
