import type { Bucket, KV } from "@nats-io/kv";
import { type WorkerState, workerStateSchema } from "../../../../shared/fleet/worker-state.ts";
import type { ServerConnection } from "./connection.ts";
import { names, subjects } from "./streams.ts";

/** A state takes some hundred bytes. */
const maxStateBytes = 64e3;

/** Where a worker stands on the roll: two of one name can stand there for a moment, until one gives way. */
function entryOf({ name, instance }: Pick<WorkerState, "name" | "instance">): string {
  return `${name}.${instance}`;
}

/** Says who is there; what isn't said again for fifteen seconds is gone. */
export async function sayHere(roll: KV, state: WorkerState): Promise<void> {
  await roll.put(entryOf(state), JSON.stringify(state));
}

export async function sayGone(roll: KV, state: Pick<WorkerState, "name" | "instance">): Promise<void> {
  await roll.purge(entryOf(state));
}

/** Who is there, by name. What isn't a worker's state, or stands under another's name, is nobody. */
export async function callRoll(roll: KV): Promise<WorkerState[]> {
  const states = await Promise.all((await entriesOf(roll)).map((entry) => stateOf(roll, entry)));
  return states
    .flatMap((state) => state ?? [])
    .sort((a, b) => (a.name === b.name ? a.instance.localeCompare(b.instance) : a.name < b.name ? -1 : 1));
}

/**
 * Asked of the bucket's stream: its own list of keys waits for as many as the server has counted, and nats-server 2.9 may go on counting
 * one that has expired.
 */
async function entriesOf(roll: KV): Promise<string[]> {
  const { jsm, stream } = roll as Bucket;
  const prefix = `$KV.${names.roll}.`;
  const { state } = await jsm.streams.info(stream, { subjects_filter: `${prefix}>` });
  return Object.keys(state.subjects ?? {}).map((subject) => subject.slice(prefix.length));
}

async function stateOf(roll: KV, entry: string): Promise<WorkerState | undefined> {
  const found = await roll.get(entry);
  const state = found?.operation === "PUT" ? parsedState(found.value) : undefined;
  return state && entryOf(state) === entry ? state : undefined;
}

/** Calls back whenever a worker of this name says that it is there; who may not hear that hears nothing. */
export function onPlaceTaken(
  { nats }: ServerConnection,
  name: string,
  listener: (state: WorkerState) => void,
): { unsubscribe(): void } {
  return nats.subscribe(subjects.places(name), {
    callback: (error, message) => {
      const state = error ? undefined : parsedState(message.data);
      if (state?.name === name) listener(state);
    },
  });
}

function parsedState(data: Uint8Array): WorkerState | undefined {
  if (data.length > maxStateBytes) return undefined;
  try {
    return workerStateSchema.parse(JSON.parse(new TextDecoder().decode(data)));
  } catch {
    return undefined;
  }
}
