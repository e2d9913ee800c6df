import { createServer } from "node:net";

/**
 * What torchrun tells each of the processes that it starts on one machine, in its environment; they meet on a port of the loopback
 * that is free. Debian's torchrun doesn't start.
 */
export async function ranksOnLoopback(count: number): Promise<Readonly<Record<string, string>>[]> {
  const MASTER_PORT = String(await freePort());
  return Array.from({ length: count }, (_, rank) => ({
    RANK: String(rank),
    LOCAL_RANK: String(rank),
    WORLD_SIZE: String(count),
    LOCAL_WORLD_SIZE: String(count),
    MASTER_ADDR: "127.0.0.1",
    MASTER_PORT,
  }));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
