import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { hashBytes } from "../../electron/engine/base/hash.ts";
import type { Fleet } from "../../electron/engine/fleet/client/on-fleet.ts";
import { openFleet } from "../../electron/engine/fleet/client/open-fleet.ts";
import { workersOf } from "../../electron/engine/fleet/client/who-is-there.ts";
import { fetchBytes, putBytes } from "../../electron/engine/fleet/server/objects.ts";
import { ownVersion } from "../../electron/engine/fleet/server/own-version.ts";
import { persistently } from "../../electron/engine/fleet/server/persistently.ts";
import {
  type Lease,
  onOutcome,
  outcomeOf,
  publishOutcome,
  submit,
  takeFirst,
} from "../../electron/engine/fleet/server/queue.ts";
import { openQueue } from "../../electron/engine/fleet/server/streams.ts";
import { startNatsServer, type TestServer } from "../../electron/engine/fleet/testing/nats-server.ts";
import { createBell, lookMs } from "../../electron/engine/fleet/worker/bell.ts";
import { takePlace } from "../../electron/engine/fleet/worker/presence.ts";
import { describeWorker } from "../../electron/engine/fleet/worker/worker-machine.ts";
import { formatBytes } from "../../shared/base/format-number.ts";
import { silentJob } from "../../shared/base/job.ts";
import type { Addressee } from "../../shared/fleet/fleet-names.ts";
import type { JobOutcome, JobTicket } from "../../shared/fleet/job-ticket.ts";

/** What many workers are to one server. */
export interface Scale {
  readonly workers: number;
  readonly jobs: number;
  /** What is sent both ways while all stand idle, and with all jobs in the queue. */
  readonly idleMessagesPerSecond: number;
  readonly busyMessagesPerSecond: number;
  /** From when a job is given until an idle worker that it is for by its name has it, median, ms. */
  readonly idleWaitMs: number;
  /** The same in full, and for jobs for whoever of a tag is free. */
  readonly waitMs: { readonly byName: Spread; readonly byTag: Spread };
  readonly jobsPerSecond: number;
  /** Jobs of which a result came back more or less than once. */
  readonly lostOrDouble: number;
  /** Resident memory of the server; absent where the system doesn't tell. */
  readonly serverBytes?: { readonly alone: number; readonly idle: number; readonly busy: number };
  /** How long it takes to see who is there. */
  readonly rollMs: number;
}

export interface Spread {
  readonly median: number;
  readonly p95: number;
}

const tag = { tag: "simulated" };
const idleSeconds = 20;
const waits = 40;
const resultBytes = 2048;

export function describeScale(scale: Scale): string[] {
  const { workers, jobs, waitMs, serverBytes, lostOrDouble } = scale;
  const spread = ({ median, p95 }: Spread) => `${median.toFixed(1)} ms (p95 ${p95.toFixed(1)} ms)`;
  const memory = serverBytes
    ? [
        `server: ${Object.entries(serverBytes)
          .map(([when, bytes]) => `${formatBytes(bytes)} ${when}`)
          .join(", ")}`,
      ]
    : [];
  return [
    `${workers} workers, seen in ${scale.rollMs.toFixed(0)} ms`,
    `idle: ${scale.idleMessagesPerSecond.toFixed(0)} messages/s; an idle worker has its job after ${spread(waitMs.byName)} by its name, ${spread(waitMs.byTag)} by a tag`,
    `busy: ${jobs} jobs, ${scale.jobsPerSecond.toFixed(0)} a second, ${scale.busyMessagesPerSecond.toFixed(0)} messages/s; ${lostOrDouble} lost or counted twice`,
    ...memory,
  ];
}

/** A worker that does all that a worker does but the work: its results are some bytes. */
interface Simulated {
  readonly name: string;
  readonly fleet: Fleet;
  stop(): Promise<void>;
}

/**
 * Workers by the real protocol, each with a connection, a place on the roll, queues and bells of its own, all in this
 * process.
 */
export async function measureScale(count: number, jobs: number, say: (text: string) => void): Promise<Scale> {
  const server = await startNatsServer();
  const alone = await residentBytes(server);
  const person = await openFleet({ server: server.url }, "bench");
  const taken = new Map<string, number>();
  const workers: Simulated[] = [];
  try {
    for (let number = 0; number < count; number++)
      workers.push(
        await startSimulated(server, `simulated-${number}`, (id) => taken.set(id, performance.now())),
      );
    say(`${count} workers are there`);
    const idleMessages = await messagesDuring(workers, () => delay(1000 * idleSeconds));
    const idle = await residentBytes(server);
    const asked = performance.now();
    const there = await workersOf(person);
    const rollMs = performance.now() - asked;
    if (there.length !== count) throw new Error(`${there.length} of ${count} workers are on the roll`);
    const byName = await waitsOf(person, taken, (at) => ({ worker: workers[(7919 * at) % count].name }));
    const byTag = await waitsOf(person, taken, () => tag);
    say(
      `an idle worker has its job after ${byName.median.toFixed(1)} ms by its name, ${byTag.median.toFixed(1)} ms by a tag`,
    );
    let done = { seconds: 0, lostOrDouble: 0 };
    const busyMessages = await messagesDuring(workers, async () => {
      done = await doAll(person, jobs);
    });
    const busy = await residentBytes(server);
    return {
      workers: count,
      jobs,
      idleMessagesPerSecond: idleMessages,
      busyMessagesPerSecond: busyMessages,
      idleWaitMs: byName.median,
      waitMs: { byName, byTag },
      jobsPerSecond: jobs / done.seconds,
      lostOrDouble: done.lostOrDouble,
      ...(alone !== undefined && { serverBytes: { alone, idle: idle!, busy: busy! } }),
      rollMs,
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await person.connection.close();
    await server.stop();
  }
}

async function startSimulated(
  server: TestServer,
  name: string,
  takes: (id: string) => void,
): Promise<Simulated> {
  const fleet = await openFleet({ server: server.url }, `offramp-worker-${name}`);
  const to: Addressee[] = [{ worker: name }, tag];
  for (const each of to) await openQueue(fleet.connection, each);
  const identity = describeWorker({ name, tags: [tag.tag], cacheFolder: "" });
  const ending = new AbortController();
  const presence = await takePlace(fleet, identity, () => ending.abort());
  const bell = createBell(fleet.connection, to, ending.signal);
  const look = () => takeFirst(fleet.connection, to).catch(() => undefined);
  const work = async () => {
    while (!ending.signal.aborted) {
      const lease = (await look()) ?? (bell.hangUp() ? await look() : undefined);
      if (!lease) await bell.wait(lookMs);
      else {
        bell.takeDown();
        takes(lease.id);
        await finish(fleet, name, lease);
      }
    }
  };
  const working = work();
  return {
    name,
    fleet,
    stop: async () => {
      ending.abort();
      await working;
      await presence.leave();
      await fleet.connection.close();
    },
  };
}

async function finish({ connection, store }: Fleet, worker: string, { id, tries, finish }: Lease) {
  const result = new TextEncoder().encode(id.repeat(resultBytes / id.length));
  const value = await persistently(() => putBytes(store.results, result), silentJob);
  const outcome = { ok: true as const, id, worker, instance: "0", tries, seconds: 0, value, files: {} };
  await persistently(() => publishOutcome(connection, outcome), silentJob);
  await finish();
}

let given = 0;

function nextTicket(to: Addressee): JobTicket {
  const needs = { seconds: 60, threads: 1 };
  const id = hashBytes(`simulated ${given++}`);
  return {
    format: "offramp-job",
    id,
    kind: "none",
    edition: 1,
    version: ownVersion,
    options: {},
    inputs: {},
    to,
    needs,
  };
}

async function waitsOf(
  person: Fleet,
  taken: ReadonlyMap<string, number>,
  addressee: (at: number) => Addressee,
): Promise<Spread> {
  const found: number[] = [];
  for (let at = 0; at < waits; at++) {
    const ticket = nextTicket(addressee(at));
    const started = performance.now();
    await persistently(() => submit(person.connection, ticket), silentJob);
    while (!taken.has(ticket.id)) await delay(1);
    found.push(taken.get(ticket.id)! - started);
    // Until all are idle again.
    await delay(200);
  }
  found.sort((a, b) => a - b);
  return { median: found[Math.floor(waits / 2)], p95: found[Math.floor(0.95 * waits)] };
}

/** Puts all jobs into the queue, and reads what comes back. */
async function doAll(person: Fleet, jobs: number): Promise<{ seconds: number; lostOrDouble: number }> {
  const started = performance.now();
  const tickets = Array.from({ length: jobs }, () => nextTicket(tag));
  const told = new Map<string, number>();
  const heard = tickets.map(({ id }) =>
    onOutcome(person.connection, id, () => told.set(id, (told.get(id) ?? 0) + 1)),
  );
  for (const ticket of tickets) await persistently(() => submit(person.connection, ticket), silentJob);
  for (const { id } of tickets) {
    let outcome: JobOutcome | undefined;
    while (!outcome) {
      outcome = await persistently(() => outcomeOf(person.connection, id), silentJob);
      if (!outcome) await delay(20);
    }
    if (!outcome.ok) throw new Error(outcome.message);
    const { value } = outcome;
    await persistently(() => fetchBytes(person.store.results, value, resultBytes), silentJob);
  }
  const seconds = (performance.now() - started) / 1000;
  for (const each of heard) each.unsubscribe();
  return { seconds, lostOrDouble: tickets.filter(({ id }) => told.get(id) !== 1).length };
}

/** Messages a second that workers have sent and had while something happened. */
async function messagesDuring(workers: readonly Simulated[], happen: () => Promise<void>): Promise<number> {
  const all = () =>
    workers.reduce((sum, { fleet }) => {
      const { inMsgs, outMsgs } = fleet.connection.nats.stats();
      return sum + inMsgs + outMsgs;
    }, 0);
  const [before, started] = [all(), performance.now()];
  await happen();
  return (1000 * (all() - before)) / (performance.now() - started);
}

async function residentBytes({ pid }: TestServer): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "latin1").catch(() => "");
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : 1024 * Number(kilobytes);
}
