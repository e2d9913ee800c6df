import { type Command, InvalidArgumentError, Option } from "commander";
import { formatBytes } from "../../../shared/base/format-number.ts";
import { nameRule } from "../../../shared/fleet/fleet-names.ts";
import { loadFleet, type WorkerIdentity } from "../../engine/index.ts";
import { addServerOptions, fleetName, fleetNames, withFleet } from "../server-options.ts";
import { type CommonOptions, runCommand, type Terminal } from "../terminal.ts";

export const workerDescription = "take jobs of a fleet's server on this machine, until stopped";

export function workerCommand(command: Command): void {
  addWorker(command.command("worker").description(workerDescription));
}

/** The flags of a worker and what it does; a worker's own program has them without a command's name. */
export function addWorker(worker: Command): void {
  worker
    .requiredOption("--name <name>", `what this worker is called: ${nameRule}`, fleetName)
    .option(
      "--tags <names>",
      "what it belongs to, comma-separated: jobs for a tag go to whoever is free",
      fleetNames,
      [],
    )
    .option(
      "--runtime <python>",
      "measure by this Python's onnxruntime, for providers that ONNX Runtime for Node lacks, such as cuda and tensorrt",
    )
    .addOption(
      new Option("--threads <n>", "threads that a job may use (default: all cores)").argParser(count),
    )
    .addOption(
      new Option(
        "--memory-limit <GB>",
        "memory that a job may use (default: 60 % of the machine's)",
      ).argParser(gigabytes),
    );
  addServerOptions(worker);
  worker.action((_own: unknown, self: Command) => {
    const options = self.optsWithGlobals<CommonOptions & Record<string, unknown>>();
    return runCommand(options, (terminal) => work(options, terminal));
  });
}

async function work(options: Record<string, unknown>, { cache, progress }: Terminal): Promise<void> {
  const {
    name,
    tags: ownTags,
    threads,
    memoryLimit,
    runtime,
  } = options as {
    readonly name: string;
    readonly tags: string[];
    readonly threads?: number;
    readonly memoryLimit?: number;
    readonly runtime?: string;
  };
  const { serveJobs } = await loadFleet();
  await withFleet(options, `offramp-worker-${name}`, async (fleet) => {
    const stop = new AbortController();
    const job = progress.job(`worker ${name}`);
    const watch = setInterval(() => job.pause().catch(() => stop.abort()), 50);
    const say = (line: string) => progress.tell(line);
    const how = {
      name,
      tags: ownTags,
      cacheFolder: cache.folder,
      threads,
      memoryBytes: memoryLimit,
      runtime,
    };
    try {
      await serveJobs(fleet, how, stop.signal, say, (identity) =>
        say(startText(identity, fleet.connection.address)),
      );
    } finally {
      clearInterval(watch);
    }
  });
}

function startText({ name, tags: own, device, providers, limits }: WorkerIdentity, address: string): string {
  const tagged = own.length > 0 ? `, tags ${own.join(", ")}` : "";
  return `${name} works for ${address}${tagged}: ${device}; ${providers.join(", ")}; a job may use ${limits.threads} threads and ${formatBytes(limits.memoryBytes)}`;
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1024) return value;
  throw new InvalidArgumentError("expected a whole number from 1 to 1024.");
}

function gigabytes(text: string): number {
  const value = Number(text);
  if (value >= 0.1 && value <= 1e6) return 1e9 * value;
  throw new InvalidArgumentError("expected gigabytes, 0.1 or more.");
}
