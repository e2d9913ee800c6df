import {
  AckPolicy,
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import { type ObjectStore, Objm, setSha256Backend } from "@nats-io/obj";
import { AppError } from "../../../../shared/base/errors.ts";
import { type Addressee, queueName } from "../../../../shared/fleet/fleet-names.ts";
import type { ServerConnection } from "./connection.ts";
import { versionToken } from "./own-version.ts";
import { isCutOff } from "./persistently.ts";
import { unready } from "./refusal.ts";

/** Names of what the fleet keeps on its server; docs/fleet.md and its example configuration speak of them. */
export const names = {
  /** Each version has jobs of its own, so that a worker of another one gets none that it can't do. */
  jobs: `OFFRAMP_JOBS_${versionToken}`,
  outcomes: "OFFRAMP_OUTCOMES",
  inputs: "offramp-inputs",
  results: "offramp-results",
  roll: "offramp-roll",
} as const;

export const subjects = {
  job: (to: Addressee, id: string) => `offramp.job.${versionToken}.${queueName(to)}.${id}`,
  jobsFor: (to: Addressee) => `offramp.job.${versionToken}.${queueName(to)}.*`,
  outcome: (id: string) => `offramp.outcome.${id}`,
  progress: (id: string) => `offramp.progress.${id}`,
  /** Where a worker of this name says that it is there, as the roll's bucket has it. */
  places: (name: string) => `$KV.${names.roll}.${name}.*`,
  cancel: (id: string) => `offramp.cancel.${id}`,
  /** Begins with who hears it, so that a board can be let hear its own alone. */
  link: (worker: string, meeting: string, side: string) => `offramp.link.${worker}.${meeting}.${side}`,
};

const nanosecondsPerMs = 1e6;
const dayMs = 86_400_000;

/** How long jobs wait, and files and outcomes are kept for whoever asked. */
export const keptMs = 7 * dayMs;

/** Who wasn't heard of for so long is gone. */
export const goneMs = 15_000;

/** A worker that says nothing of its job for so long has lost it to the next; it speaks three times as often. */
export const leaseMs = 20_000;

/** How often a cluster keeps everything: one of its servers may be gone then. */
const copiesInCluster = 3;

/** What the fleet keeps on its server, there once this resolves. */
export interface FleetStore {
  readonly inputs: ObjectStore;
  readonly results: ObjectStore;
  readonly roll: KV;
}

/**
 * Finds the fleet's streams and buckets, and makes those that aren't there yet. A cluster keeps them on three of its servers.
 * @throws AppError 'fleet-unavailable' if they aren't there and this user may not make them
 */
export async function openStore(connection: ServerConnection): Promise<FleetStore> {
  const { nats, streams, publisher, address } = connection;
  const subjectsOf = (prefix: string, rest: string) => [`offramp.${prefix}.${rest}`];
  const kept = { storage: StorageType.File, max_age: keptMs * nanosecondsPerMs };
  const wanted: (Partial<StreamConfig> & { readonly name: string })[] = [
    {
      ...kept,
      name: names.jobs,
      subjects: subjectsOf("job", `${versionToken}.*.*`),
      retention: RetentionPolicy.Workqueue,
      discard: DiscardPolicy.New,
    },
    { ...kept, name: names.outcomes, subjects: subjectsOf("outcome", "*"), max_msgs_per_subject: 1 },
  ];
  try {
    for (const config of wanted)
      if (!(await isThere(connection, config.name))) await streams.streams.add(config);
    // Its own SHA-256, for browsers too, would take a quarter of the time of what is shared.
    setSha256Backend("native");
    const objects = new Objm(publisher);
    const bucketOf = async (name: string) => {
      const options = { ttl: keptMs * nanosecondsPerMs, storage: StorageType.File };
      return (await isThere(connection, `OBJ_${name}`))
        ? objects.open(name, false)
        : objects.create(name, options);
    };
    const inputs = await bucketOf(names.inputs);
    const results = await bucketOf(names.results);
    const values = new Kvm(nats);
    const roll = (await isThere(connection, `KV_${names.roll}`))
      ? await values.open(names.roll)
      : await values.create(names.roll, { ttl: goneMs, history: 1, storage: StorageType.File });
    await keepCopies(connection);
    return { inputs, results, roll };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (isCutOff(cause)) throw unready(connection, cause);
    throw new AppError(
      "fleet-unavailable",
      `the server ${address} has none of the fleet's streams yet and this user may not make them (${(cause as Error).message}); ` +
        "run `offramp fleet` once as a user who may",
      {},
      { cause },
    );
  }
}

/** Where there are too few servers for it, or this user may not have it so, everything stays as it is kept. */
async function keepCopies({ nats, streams }: ServerConnection): Promise<void> {
  if (nats.info?.cluster === undefined) return;
  const buckets = [`OBJ_${names.inputs}`, `OBJ_${names.results}`, `KV_${names.roll}`];
  for (const stream of [names.jobs, names.outcomes, ...buckets]) {
    const { config } = await streams.streams.info(stream);
    if (config.num_replicas < copiesInCluster)
      await streams.streams.update(stream, { num_replicas: copiesInCluster }).catch(() => {});
  }
}

async function isThere({ streams }: ServerConnection, name: string): Promise<boolean> {
  return streams.streams.info(name).then(
    () => true,
    (cause) => {
      if ((cause as { code?: number }).code === streamNotFound) return false;
      throw cause;
    },
  );
}

/** JetStream's own code. */
const streamNotFound = 10_059;

/** Makes the queue of jobs for somebody, unless it is there: whoever takes from it has a lease for each job. */
export async function openQueue({ streams }: ServerConnection, to: Addressee): Promise<void> {
  await streams.consumers.add(names.jobs, {
    name: queueName(to),
    durable_name: queueName(to),
    filter_subject: subjects.jobsFor(to),
    ack_policy: AckPolicy.Explicit,
    ack_wait: leaseMs * nanosecondsPerMs,
    // Tries are counted by whoever takes the job, which then says so; the server would only fall silent.
    max_deliver: -1,
    inactive_threshold: keptMs * nanosecondsPerMs,
  });
}
