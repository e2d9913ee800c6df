import type { Command } from "commander";
import { fleetCompareCommand } from "./fleet-compare.ts";

export function fleetCommand(command: Command): void {
  const fleet = command.command("fleet").description("several targets together");
  fleetCompareCommand(fleet);
}
