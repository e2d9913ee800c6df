import { join } from "node:path";
import { AppError, type ErrorCode } from "../../../../shared/base/errors.ts";
import { formatBytes } from "../../../../shared/base/format-number.ts";
import { cancelledError, type Job } from "../../../../shared/base/job.ts";
import {
  type FileReference,
  type JobOutcome,
  type JobTicket,
  mostTries,
  versionDifference,
} from "../../../../shared/fleet/job-ticket.ts";
import { makeFolder } from "../../../disk/make-folder.ts";
import { systemFailure } from "../../../disk/system-failure.ts";
import type { Fleet } from "../client/on-fleet.ts";
import { jobKindById } from "../kinds/index.ts";
import { putFile } from "../server/objects.ts";
import { persistently } from "../server/persistently.ts";
import { type Lease, onCancel, outcomeOf, publishOutcome, tellProgress } from "../server/queue.ts";
import { leaseMs } from "../server/streams.ts";
import { openWire } from "../server/wire.ts";
import { filesFolder, valueFile } from "./job-child-protocol.ts";
import type { JobProcesses, RunningChild } from "./job-processes.ts";
import type { CurrentJob, Presence } from "./presence.ts";
import { bringInputs, clearJob, type WorkerFolders } from "./worker-folders.ts";
import type { WorkerIdentity, WorkerOptions } from "./worker-machine.ts";

/** A worker at work. */
export interface WorkingWorker {
  readonly fleet: Fleet;
  readonly identity: WorkerIdentity;
  readonly options: WorkerOptions;
  readonly folders: WorkerFolders;
  readonly presence: Presence;
  readonly processes: JobProcesses;
  /** Tells whoever started it what happens, a line each. */
  say(line: string): void;
}

/** A job goes back for so long before somebody tries again. */
const retryMs = 1000;

/** What failed this way may go well another time, or elsewhere; everything else fails again. */
const passing: readonly ErrorCode[] = [
  "engine-crashed",
  "model-crashed",
  "out-of-memory",
  "output-unwritable",
  "system",
  "fleet-unavailable",
];

/** Files of a job, of all of which a copy lies here. */
const maxInputBytes = 8e9;

/**
 * Does a job from its lease to its end: what comes out is published, and then it leaves the queue.
 * @param stop aborted when the worker is to end; the job goes back to the queue then
 */
export async function doJob(worker: WorkingWorker, lease: Lease, stop: AbortSignal): Promise<void> {
  const { id, ticket } = lease;
  // A try that was done, of which the end was not heard.
  if (!ticket || (await outcomeOf(worker.fleet.connection, id))) return lease.finish();
  const beats = setInterval(() => lease.keep(), leaseMs / 3);
  try {
    await doTicket(worker, lease, ticket, stop);
  } finally {
    clearInterval(beats);
  }
}

async function doTicket(
  worker: WorkingWorker,
  lease: Lease,
  ticket: JobTicket,
  stop: AbortSignal,
): Promise<void> {
  const { fleet, say, identity } = worker;
  const { connection } = fleet;
  const { id, tries } = lease;
  const started = performance.now();
  const refusal = refusalOf(ticket, tries, identity);
  const end = (outcome: JobOutcome) => publishEnd(worker, lease, outcome, stop);
  const by = { id, worker: identity.name, instance: identity.instance, tries };
  if (refusal) {
    say(`refused ${ticket.kind} ${id.slice(0, 8)}: ${refusal.message}`);
    return end({ ok: false, ...by, code: refusal.code, message: refusal.message });
  }
  say(`takes ${ticket.kind} ${id.slice(0, 8)}${tries > 1 ? `, try ${tries}` : ""}`);
  try {
    const outcome = { ok: true as const, ...by, ...(await attempt(worker, lease, ticket, stop)) };
    await end(outcome);
    say(`did ${ticket.kind} ${id.slice(0, 8)} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  } catch (cause) {
    const { code, message } = asAppError(cause);
    if (code === "cancelled") {
      say(`${stop.aborted ? "gives back" : "cancelled"} ${ticket.kind} ${id.slice(0, 8)}`);
      if (stop.aborted) return lease.giveBack(0);
      tellProgress(connection, { id, worker: identity.name, tries, done: 0, isCancelled: true });
      return lease.finish();
    }
    say(`failed ${ticket.kind} ${id.slice(0, 8)}: ${message}`);
    if (passing.includes(code) && tries < mostTries) return lease.giveBack(retryMs);
    const times = tries > 1 ? ` (${tries} tries)` : "";
    await end({ ok: false, ...by, code, message: `${message}${times}` });
  }
}

/** Says how a job ended, until the server has heard it: what took an hour is not lost because the network was. */
async function publishEnd(
  { fleet }: WorkingWorker,
  lease: Lease,
  outcome: JobOutcome,
  stop: AbortSignal,
): Promise<void> {
  await persistently(() => publishOutcome(fleet.connection, outcome), pausedBy(stop));
  await lease.finish();
}

function pausedBy(stop: AbortSignal): Pick<Job, "pause"> {
  return {
    pause: async () => {
      if (stop.aborted) throw cancelledError();
    },
  };
}

/** Why a job isn't even tried. */
function refusalOf(
  ticket: JobTicket,
  tries: number,
  { name, version, limits }: WorkerIdentity,
): AppError | undefined {
  const difference = versionDifference(name, version, ticket.version);
  if (difference) return new AppError("fleet-unavailable", difference);
  const kind = jobKindById(ticket.kind);
  if (kind?.edition !== ticket.edition)
    return new AppError("fleet-unavailable", `knows no job ${ticket.kind} of edition ${ticket.edition}`);
  const options = kind.options.safeParse(ticket.options);
  if (!options.success)
    return new AppError(
      "usage",
      `${ticket.kind} with options that it can't have: ${options.error.issues[0].message}`,
    );
  if (tries > mostTries)
    return new AppError(
      "engine-crashed",
      `given up after ${mostTries} tries: each time the worker that had it ended without a word`,
    );
  const { threads } = kind.needs(options.data);
  if (threads > limits.threads)
    return new AppError("usage", `the job wants ${threads} threads, this worker gives ${limits.threads}`);
  const bytes = Object.values(ticket.inputs).reduce((sum, file) => sum + file.bytes, 0);
  const most = Math.min(maxInputBytes, limits.memoryBytes);
  if (bytes > most)
    return new AppError(
      "usage",
      `the job's files take ${formatBytes(bytes)}, this worker takes ${formatBytes(most)}`,
    );
  return undefined;
}

/** One try: brings the files, has the work done by a child, and keeps what it gives on the server. */
async function attempt(
  { fleet, identity, options: own, folders, presence, processes }: WorkingWorker,
  lease: Lease,
  ticket: JobTicket,
  stop: AbortSignal,
): Promise<Pick<Extract<JobOutcome, { ok: true }>, "seconds" | "value" | "files">> {
  const { connection, store } = fleet;
  const { id, tries } = lease;
  let child: RunningChild | undefined;
  let isCancelled = false;
  const wire = wireOf(connection, identity.name, ticket, (bytes) => child?.hear(bytes));
  const cancel = () => {
    isCancelled = true;
    child?.end();
  };
  const orders = onCancel(connection, id, cancel);
  stop.addEventListener("abort", cancel);
  const current: CurrentJob = { job: id, kind: ticket.kind, since: performance.now(), done: 0 };
  presence.works(current);
  const tell = (done: number, note?: string, warning?: string) => {
    [current.done, current.note] = [done, note];
    const words = { note: note?.slice(0, 300), warning: warning?.slice(0, 1000) };
    tellProgress(connection, { id, worker: identity.name, tries, done, ...words });
  };
  const bringing: Job = {
    report: (done, total) =>
      tell(0, `fetching its files, ${Math.round((100 * done) / Math.max(1, total))} %`),
    pause: async () => {
      if (isCancelled) throw cancelledError();
    },
  };
  try {
    if (stop.aborted) throw cancelledError();
    const inputFolder = await persistently(
      () => bringInputs(store, ticket.inputs, folders, id, bringing),
      bringing,
    );
    await bringing.pause();
    const resultFolder = join(folders.jobs, id, "results");
    await makeFolder(resultFolder);
    const { needs, kind, options } = ticket;
    const limits = { timeMs: 1000 * needs.seconds, memoryBytes: identity.limits.memoryBytes };
    const { threads } = identity.limits;
    const request = {
      kind,
      options,
      inputFolder,
      resultFolder,
      cacheFolder: folders.stages,
      threads,
      limits,
      runtime: own.runtime,
    };
    child = processes.run(request, lastingOf(ticket), {
      progress: (done, note) => tell(done, note),
      warning: (text) => tell(current.done, current.note, text),
      wire: (bytes) => wire?.send(bytes),
    });
    const { seconds, value, files } = await child.result;
    tell(1, "sending its result");
    const send = (path: string, file: FileReference) =>
      persistently(() => putFile(store.results, join(resultFolder, path), file), bringing);
    await send(valueFile, value);
    for (const [name, file] of Object.entries(files)) await send(join(filesFolder, name), file);
    return { seconds, value, files };
  } finally {
    orders.unsubscribe();
    wire?.close();
    stop.removeEventListener("abort", cancel);
    presence.works(undefined);
    await clearJob(folders, id);
  }
}

/** What is the same in all jobs that one process may do. */
function lastingOf({ kind, inputs }: JobTicket): string | undefined {
  const lasting = jobKindById(kind)?.lasting;
  return lasting && JSON.stringify([kind, ...lasting.map((name) => inputs[name]?.sha256)]);
}

/** To the worker that has the other side of a job, if there is one. */
function wireOf(
  connection: Fleet["connection"],
  worker: string,
  { kind, options }: JobTicket,
  listener: (bytes: Uint8Array) => void,
) {
  const known = jobKindById(kind);
  if (!known?.meeting) return undefined;
  const { id, side, peer } = known.meeting(known.options.parse(options));
  return openWire(connection, { id, own: { worker, side }, peer }, listener);
}

function asAppError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const known = systemFailure(cause);
  if (known) return known;
  return new AppError(
    "fleet-unavailable",
    cause instanceof Error ? cause.message : String(cause),
    {},
    { cause },
  );
}
