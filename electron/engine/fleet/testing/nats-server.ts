import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findNats } from "../../../runtime/ensure-nats.mjs";

/** For tests: a NATS server program, if there is one here. */
export const natsProgram = findNats();

/** What a test that is skipped says. */
export const noNats = "no NATS server: install nats-server, or name one in OFFRAMP_TEST_NATS";

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Names of those that are connected to it, where it says so. */
  clients(): Promise<readonly string[]>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again, on the same port with the same disk. */
  restart(): Promise<void>;
  /** Ends it and removes what it has kept. */
  stop(): Promise<void>;
}

/**
 * For tests: a cluster of three on loopback, as docs/fleet.md describes it.
 * @param configuration what is alike in all: the description's, with its names and ports
 */
export async function startNatsCluster(configuration: string): Promise<TestServer[]> {
  const names = [1, 2, 3].map((number) => `fleet-${number}`);
  const ports: { readonly routes: number; readonly monitor: number }[] = [];
  for (const _ of names) ports.push({ routes: await freePort(), monitor: await freePort() });
  const placed = names.reduce(
    (text, name, at) => text.replace(`nats://${name}:6222`, `nats://127.0.0.1:${ports[at].routes}`),
    configuration,
  );
  return Promise.all(
    names.map((name, at) => {
      const { routes, monitor } = ports[at];
      const own = placed.replace("server_name: fleet-1", `server_name: ${name}`);
      const there = own.replace("0.0.0.0:6222", `127.0.0.1:${routes}`);
      return startNatsServer(`${there}\nhttp: "127.0.0.1:${monitor}"`, { monitor });
    }),
  );
}

/**
 * For tests: a server on a free port of loopback, with JetStream on disk.
 * @param configuration more lines of its configuration file, such as users
 * @param monitor the port at which these have it say what it does
 * @param place what runs it in a network of its own, where it listens to all; on loopback here if absent
 */
export async function startNatsServer(
  configuration = "",
  { monitor, place }: { readonly monitor?: number; readonly place?: readonly string[] } = {},
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "offramp-nats-"));
  const port = await freePort();
  const file = join(folder, "nats.conf");
  const lines = [
    `listen: "${place ? "0.0.0.0" : "127.0.0.1"}:${port}"`,
    `jetstream { store_dir: ${JSON.stringify(join(folder, "store"))} }`,
    configuration,
  ];
  await writeFile(file, lines.join("\n"));
  let child = await start(file, place);
  process.on("exit", () => child.kill("SIGKILL"));
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid!;
    },
    clients: async () => {
      const answer = await fetch(`http://127.0.0.1:${monitor}/connz`);
      const { connections } = (await answer.json()) as { readonly connections: { readonly name: string }[] };
      return connections.map(({ name }) => name);
    },
    kill,
    restart: async () => {
      await kill();
      child = await start(file, place);
    },
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function start(file: string, place: readonly string[] = []): Promise<ChildProcess> {
  const [program, ...args] = [...place, natsProgram!, "-c", file];
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr!.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nats-server ended: ${said}`);
    if (said.includes("Server is ready")) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
