import type { ServerConnection } from "./connection.ts";
import { subjects } from "./streams.ts";

/** Somebody at a meeting: a worker, and which side of it it has. */
interface Party {
  readonly worker: string;
  readonly side: string;
}

/** A wire between two workers, on subjects of their own: nothing of it is kept, and the server only passes it on. */
export function openWire(
  { nats }: ServerConnection,
  { id, own, peer }: { readonly id: string; readonly own: Party; readonly peer: Party },
  listener: (bytes: Uint8Array) => void,
): { send(bytes: Uint8Array): void; close(): void } {
  const heard = nats.subscribe(subjects.link(own.worker, id, own.side), {
    callback: (error, message) => {
      if (!error) listener(message.data);
    },
  });
  const to = subjects.link(peer.worker, id, peer.side);
  return { send: (bytes) => nats.publish(to, bytes), close: () => heard.unsubscribe() };
}
