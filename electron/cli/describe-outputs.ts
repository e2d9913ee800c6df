import { plainName } from "../../shared/base/plain-name.ts";
import type { OutputQuality } from "../../shared/files/summary.ts";
import type { Member } from "../engine/index.ts";
import { percent, table } from "./format.ts";

/** How good every head is, and last the network's own output, on the test split. @param own what that is called */
export function outputTable(outputs: readonly OutputQuality[], own = "backbone"): string[] {
  const policies = Object.keys(outputs[0]?.failurePredictionAuroc ?? {});
  const head = [
    "output",
    "head",
    "accuracy",
    "temperature",
    "ECE",
    ...policies.map((policy) => `AUROC ${policy}`),
  ];
  const rows = outputs.map((output) => [
    output.cutPoint ?? own,
    output.head ?? "",
    percent(output.accuracy, 2),
    output.temperature.toFixed(3),
    output.expectedCalibrationError.toFixed(4),
    ...policies.map((policy) => output.failurePredictionAuroc[policy].toFixed(3)),
  ]);
  return table(head, rows);
}

/** The same of a project's further networks, each under its name. */
export function memberTables(members: readonly Member[]): string[] {
  return members.flatMap(({ backbone: { summary }, outputs }) => [
    "",
    plainName(summary.name),
    ...outputTable(outputs, "its output"),
  ]);
}

/** What programs are told of them. */
export function describedMembers(members: readonly Member[]) {
  return members.map(({ backbone: { summary }, outputs }) => ({
    name: summary.name,
    sha256: summary.sha256,
    outputs,
  }));
}
