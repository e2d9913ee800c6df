import type { Msg } from "@nats-io/transport-node";
import { AppError } from "../../../../shared/base/errors.ts";
import { type Addressee, queueName } from "../../../../shared/fleet/fleet-names.ts";
import {
  type JobOutcome,
  type JobProgress,
  type JobTicket,
  jobOutcomeSchema,
  jobProgressSchema,
  jobTicketSchema,
} from "../../../../shared/fleet/job-ticket.ts";
import type { ServerConnection } from "./connection.ts";
import { leaseMs, names, subjects } from "./streams.ts";

/** A ticket says what a job is and not what it works on. */
export const maxTicketBytes = 512 * 1024;

/** How long a request for a job may wait for one at most, ms. */
const takeMs = 100;

/** JetStream's own code where something else was published meanwhile. */
const wrongLastSequence = 10_071;

/** A job that this process has for as long as it says so. */
export interface Lease {
  readonly id: string;
  /** Undefined if what lay in the queue is no ticket. */
  readonly ticket: JobTicket | undefined;
  /** How often it was given to somebody, this time included. */
  readonly tries: number;
  /** Says that it is still worked on. */
  keep(): void;
  /** It is done with, and leaves the queue. */
  finish(): Promise<void>;
  /** It goes back, to be given to somebody in a moment. */
  giveBack(afterMs: number): Promise<void>;
}

/**
 * Puts a job into its queue, unless it is there already.
 * @throws AppError 'internal' if its options are too long for a ticket
 */
export async function submit({ publisher }: ServerConnection, ticket: JobTicket): Promise<void> {
  const text = JSON.stringify(ticket);
  if (text.length > maxTicketBytes)
    throw new AppError(
      "internal",
      `the options of a job take ${text.length} bytes, expected at most ${maxTicketBytes}; give large things as files`,
    );
  await publishFirst(publisher, subjects.job(ticket.to, ticket.id), text);
}

/** Publishes what may be there once; what was there first stays. @returns whether this was the first */
async function publishFirst(
  publisher: ServerConnection["publisher"],
  subject: string,
  text: string,
): Promise<boolean> {
  try {
    await publisher.publish(subject, text, { expect: { lastSubjectSequence: 0 } });
    return true;
  } catch (cause) {
    if ((cause as { code?: number }).code === wrongLastSequence) return false;
    throw cause;
  }
}

/** The first job that waits for one of these, asked in their order. */
export async function takeFirst(
  connection: ServerConnection,
  to: readonly Addressee[],
): Promise<Lease | undefined> {
  for (const each of to) {
    const lease = await take(connection, each);
    if (lease) return lease;
  }
  return undefined;
}

/**
 * Takes the next job that waits for somebody.
 * @returns undefined if none waits
 */
export async function take({ nats }: ServerConnection, to: Addressee): Promise<Lease | undefined> {
  // Where the server thinks that there is one, and it was taken out meanwhile, its answer comes when the request expires.
  const request = JSON.stringify({ batch: 1, no_wait: true, expires: takeMs * 1e6 });
  const subject = `$JS.API.CONSUMER.MSG.NEXT.${names.jobs}.${queueName(to)}`;
  // A job comes under its own subject, by which the inbox that requests share wouldn't know it.
  const message = await nats.request(subject, request, { timeout: leaseMs / 4, noMux: true });
  // What isn't a message but a status says that there is none.
  if (message.headers?.code || !message.reply) return undefined;
  return leaseOf(nats, message);
}

/** What JetStream takes as answers, and what it says in a message's address of how often it was delivered. */
const answers = { done: "+ACK", working: "+WPI", back: "-NAK" };

/** @see https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-15.md */
function leaseOf(nats: ServerConnection["nats"], message: Msg): Lease {
  const reply = message.reply!;
  const tokens = reply.split(".");
  // `$JS.ACK.stream.consumer.tries…`; newer servers have domain and account before the stream.
  const tries = Number(tokens[tokens.length >= 11 ? 6 : 4]);
  const id = message.subject.split(".").at(-1)!;
  const answer = async (text: string) => {
    // The server says that it has heard; where it can't, the job comes again and is known to be done.
    await nats.request(reply, text, { timeout: leaseMs / 2 }).catch(() => {});
  };
  return {
    id,
    ticket: ticketOf(message, id),
    tries,
    keep: () => {
      if (!nats.isClosed()) nats.publish(reply, answers.working);
    },
    finish: () => answer(answers.done),
    giveBack: (afterMs) => answer(`${answers.back} ${JSON.stringify({ delay: afterMs * 1e6 })}`),
  };
}

function ticketOf(message: Msg, id: string): JobTicket | undefined {
  if (message.data.length > maxTicketBytes) return undefined;
  const ticket = parsed(jobTicketSchema, message);
  return ticket?.id === id ? ticket : undefined;
}

function parsed<Value>(
  schema: { safeParse(value: unknown): { success: boolean; data?: Value } },
  message: { readonly data: Uint8Array },
): Value | undefined {
  try {
    return schema.safeParse(JSON.parse(new TextDecoder().decode(message.data))).data;
  } catch {
    return undefined;
  }
}

/** What a subscription calls with an error is no message: this user may not hear them. */
function unlessRefused(listener: () => void) {
  return (error: Error | null) => {
    if (!error) listener();
  };
}

/** Calls back when the next job for somebody is put into its queue, once, and one alone of all who listen for it. */
export function onNextSubmitted(
  { nats }: ServerConnection,
  to: Addressee,
  listener: () => void,
): { unsubscribe(): void } {
  const shared = { queue: queueName(to), max: 1 };
  return nats.subscribe(subjects.jobsFor(to), { ...shared, callback: unlessRefused(listener) });
}

/** Says how a job ended. The first outcome counts; what comes later, of a try that was given up, is lost. */
export function publishOutcome({ publisher }: ServerConnection, outcome: JobOutcome): Promise<boolean> {
  return publishFirst(publisher, subjects.outcome(outcome.id), JSON.stringify(outcome));
}

/** How a job ended, if it has and that is still kept; what somebody has put there that is no outcome is a failure. */
export async function outcomeOf({ streams }: ServerConnection, id: string): Promise<JobOutcome | undefined> {
  const found = await streams.streams.getMessage(names.outcomes, { last_by_subj: subjects.outcome(id) });
  if (!found) return undefined;
  const outcome = parsed(jobOutcomeSchema, found);
  return outcome?.id === id ? outcome : noOutcome(id);
}

/** Left alone it would be the first, and no other would ever count. */
function noOutcome(id: string): JobOutcome {
  const by = { worker: "somebody", instance: "", tries: 1 };
  return { ok: false, id, ...by, code: "fleet-unavailable", message: "what it sent is no outcome of a job" };
}

/** Forgets how a job ended, so that it can be tried again. */
export async function forgetOutcome({ streams }: ServerConnection, id: string): Promise<void> {
  await streams.streams.purge(names.outcomes, { filter: subjects.outcome(id) });
}

/** Calls back when a job ends; who was cut off from the server meanwhile doesn't hear it, and asks now and then. */
export function onOutcome(
  { nats }: ServerConnection,
  id: string,
  listener: () => void,
): { unsubscribe(): void } {
  return nats.subscribe(subjects.outcome(id), { callback: unlessRefused(listener) });
}

export function tellProgress({ nats }: ServerConnection, progress: JobProgress): void {
  nats.publish(subjects.progress(progress.id), JSON.stringify(progress));
}

export function onProgress(
  { nats }: ServerConnection,
  id: string,
  listener: (progress: JobProgress) => void,
): { unsubscribe(): void } {
  return nats.subscribe(subjects.progress(id), {
    callback: (error, message) => {
      const progress = error ? undefined : parsed(jobProgressSchema, message);
      if (progress?.id === id) listener(progress);
    },
  });
}

/** Has whoever works on a job stop, and takes it out of its queue if it still waits there. */
export async function cancel(connection: ServerConnection, to: Addressee, id: string): Promise<void> {
  connection.nats.publish(subjects.cancel(id));
  await connection.streams.streams.purge(names.jobs, { filter: subjects.job(to, id) });
  // Once more, for a worker that has taken it in between.
  connection.nats.publish(subjects.cancel(id));
  await connection.nats.flush();
}

export function onCancel(
  { nats }: ServerConnection,
  id: string,
  listener: () => void,
): { unsubscribe(): void } {
  return nats.subscribe(subjects.cancel(id), { callback: unlessRefused(listener) });
}
