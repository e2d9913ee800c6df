import { type Command, InvalidArgumentError, Option } from "commander";
import { fleetNameSchema, nameRule } from "../../shared/fleet/fleet-names.ts";
import { doneHere, type Fleet, type JobRunner, loadFleet, type ServerSettings } from "../engine/index.ts";
import type { Parsed } from "./schema-options.ts";
import { type CommonOptions, runCommand, type Terminal } from "./terminal.ts";

/** Where the fleet's server is. What is secret comes from the environment or the settings file, and not from a list of processes. */
export function addServerOptions(
  command: Command,
  flag: "--server" | "--fleet-server" = "--server",
): Command {
  return command
    .option(
      `${flag} <url>`,
      "the fleet's NATS server, nats://HOST:4222 or tls://HOST:4222 (default: OFFRAMP_SERVER)",
    )
    .option("--creds <file>", "credentials for the server: a user's JWT and seed")
    .option("--nkey <file>", "seed of an NKey that the server knows")
    .option("--tls-ca <file>", "certificates that the server's own is checked with")
    .option("--tls-cert <file>", "certificate that is shown to the server")
    .option("--tls-key <file>", "key of that certificate");
}

function serverOptions(parsed: Parsed): ServerSettings {
  const { server, fleetServer, creds, nkey, tlsCa, tlsCert, tlsKey } = parsed as ServerSettings & {
    readonly fleetServer?: string;
  };
  return { server: fleetServer ?? server, creds, nkey, tlsCa, tlsCert, tlsKey };
}

/**
 * Works with a fleet for as long as something takes.
 * @param name by which the server's own tools show this client
 */
export async function withFleet<Result>(
  parsed: Parsed,
  name: string,
  use: (fleet: Fleet) => Promise<Result>,
): Promise<Result> {
  const { openFleet } = await loadFleet();
  const fleet = await openFleet(serverOptions(parsed), name);
  try {
    return await use(fleet);
  } finally {
    await fleet.connection.close();
  }
}

/** Finds out before any long work whether these workers are there. @throws AppError as `openFleet` does, 'fleet-unavailable' if one isn't */
export async function checkWorkers(parsed: Parsed, workers: readonly string[]): Promise<void> {
  const { checkThere } = await loadFleet();
  await withFleet(parsed, "offramp", async (fleet) => {
    for (const worker of workers) await checkThere(fleet, { worker });
  });
}

/** Has something done by the worker that `--on` names, or here if it names none. */
export async function withRunner<Result>(
  parsed: Parsed,
  use: (runner: JobRunner) => Promise<Result>,
): Promise<Result> {
  const [worker] = (parsed.on ?? []) as string[];
  if (worker === undefined) return use(doneHere);
  const { doneBy } = await loadFleet();
  return withFleet(parsed, "offramp", (fleet) => use(doneBy(fleet, { worker })));
}

/**
 * Lets workers share a command's work. @param serverFlag where `--server` names something else already
 */
export function addWorkersOptions(command: Command, serverFlag?: "--fleet-server"): Command {
  command.addOption(
    new Option("--workers <tag>", "have the workers of this tag share what can be divided").argParser(
      fleetName,
    ),
  );
  return addServerOptions(command, serverFlag);
}

/** Runs a command whose stages have the workers of `--workers` share what can be divided. */
export function runWithWorkers(
  options: CommonOptions & Parsed,
  command: (terminal: Terminal & { readonly runner?: JobRunner }) => Promise<void>,
): Promise<void> {
  return runCommand(options, async (terminal) => {
    const { workers } = options;
    if (workers === undefined) return command(terminal);
    const { checkThere, doneBy } = await loadFleet();
    await withFleet(options, "offramp", async (fleet) => {
      const to = { tag: workers as string };
      await checkThere(fleet, to);
      await command({ ...terminal, runner: doneBy(fleet, to) });
    });
  });
}

/** Parses a flag that names a worker or a tag. */
export function fleetName(text: string): string {
  if (fleetNameSchema.safeParse(text).success) return text;
  throw new InvalidArgumentError(`expected ${nameRule}.`);
}

/** The same of several, comma-separated, each once. */
export function fleetNames(text: string): string[] {
  return [...new Set(text.split(",").map((name) => fleetName(name.trim())))];
}
