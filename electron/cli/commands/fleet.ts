import type { Command } from "commander";
import { formatPercent, formatSeconds } from "../../../shared/base/format-number.ts";
import { plainText } from "../../../shared/base/plain-text.ts";
import { otherVersionText, type WorkerState } from "../../../shared/fleet/worker-state.ts";
import { loadFleet } from "../../engine/index.ts";
import { table } from "../format.ts";
import { addServerOptions, withFleet } from "../server-options.ts";
import { type CommonOptions, runCommand } from "../terminal.ts";
import { fleetCompareCommand } from "./fleet-compare.ts";

export function fleetCommand(command: Command): void {
  const fleet = command
    .command("fleet")
    .description("show which workers are there, what they do and since when");
  addServerOptions(fleet);
  fleetCompareCommand(fleet);
  fleet.action((_own: unknown, self: Command) => {
    const options = self.optsWithGlobals<CommonOptions & Record<string, unknown>>();
    return runCommand(options, async ({ print }) => {
      const { ownVersion, workersOf } = await loadFleet();
      const { there, address } = await withFleet(options, "offramp-fleet", async (open) => ({
        there: await workersOf(open),
        address: open.connection.address,
      }));
      print({ server: address, workers: there }, describe(there, address, ownVersion));
    });
  });
}

function describe(there: readonly WorkerState[], address: string, version: string): string[] {
  if (there.length === 0)
    return [`no worker is there; start one with \`offramp worker --server ${address} --name NAME\``];
  const head = ["name", "tags", "device", "cores", "system", "Offramp", "providers", "load", "does", "since"];
  const rows = there.map((worker) => rowOf(worker, version));
  const unfit = there.flatMap((worker) => otherVersionText(worker, version) ?? []);
  return [...table(head, rows), ...unfit.map((text) => `warning: ${plainText(text)}`)];
}

function rowOf(worker: WorkerState, ownVersion: string): string[] {
  const { name, tags, device, cores, operatingSystem, version, providers, load, doing, upSeconds } = worker;
  return [
    name,
    tags.join(","),
    plainText(device),
    String(cores),
    plainText(operatingSystem),
    plainText(version),
    providers.map(plainText).join(","),
    formatPercent(load, 0),
    doing ? `${plainText(doing.kind)}, ${formatPercent(doing.done, 0)}` : idleText(worker, ownVersion),
    formatSeconds(Math.round(doing ? doing.forSeconds : upSeconds)),
  ];
}

function idleText({ version }: WorkerState, own: string): string {
  return version === own ? "nothing" : "nothing: unfit";
}
