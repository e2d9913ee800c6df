import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

export interface SlowLink {
  /** Where it listens, on loopback. */
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * For tests: a way to a port on loopback that takes so long in each direction, and so long for so many bytes, as a link between
 * two machines does; needs no rights, which `tc netem` does.
 */
export async function startSlowLink(
  to: number,
  { delayMs, bytesPerMs }: { readonly delayMs: number; readonly bytesPerMs: number },
): Promise<SlowLink> {
  const sockets = new Set<Socket>();
  const pass = (from: Socket, into: Socket) => {
    let freeAt = 0;
    let last = Promise.resolve();
    from.on("data", (bytes: Buffer) => {
      freeAt = Math.max(freeAt, performance.now()) + bytes.length / bytesPerMs;
      const dueAt = freeAt + delayMs;
      last = last.then(async () => {
        await delay(Math.max(0, dueAt - performance.now()));
        if (into.writable) into.write(bytes);
      });
    });
    from.on("close", () => into.destroy());
    from.on("error", () => into.destroy());
  };
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      sockets.add(socket);
    }
    pass(near, far);
    pass(far, near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
