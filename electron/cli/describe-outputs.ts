import type { OutputQuality } from "../../shared/files/summary.ts";
import { networkTitles } from "../../shared/presentation/words/network-titles.ts";
import { type Member, networkNames, type Project } from "../engine/index.ts";
import { percent, table } from "./format.ts";

/** A table for each network of a project, the backbone first, under its name where there are several. */
export function outputTables(project: Pick<Project, "backbone" | "members" | "outputs">): string[] {
  const { backbone, members, outputs } = project;
  if (members.length === 0) return outputTable(outputs);
  const name = networkTitles(networkNames(project)).whole(backbone.summary.sha256);
  return [`${name}, the backbone`, ...outputTable(outputs, "its output"), ...memberTables(project)];
}

/** The same of further networks alone. @param project in which they have their names */
export function memberTables(
  { members, ...project }: Pick<Project, "backbone" | "members">,
  shown: readonly Member[] = members,
): string[] {
  const titles = networkTitles(networkNames({ ...project, members }));
  return shown.flatMap(({ backbone: { summary }, outputs }) => [
    "",
    titles.whole(summary.sha256),
    ...outputTable(outputs, "its output"),
  ]);
}

/** What programs are told of them. */
export function describedMembers(members: readonly Member[]) {
  return members.map(({ backbone: { summary }, outputs, tunedFrom }) => ({
    name: summary.name,
    sha256: summary.sha256,
    tunedFrom,
    outputs,
  }));
}

/** How good every head is, and last the network's own output, on the test split. @param own what that is called */
function outputTable(outputs: readonly OutputQuality[], own = "backbone"): string[] {
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
