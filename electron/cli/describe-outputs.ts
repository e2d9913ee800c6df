import type { OutputQuality } from "../../shared/files/summary.ts";
import { type NamedNetwork, networkTitles } from "../../shared/presentation/words/network-titles.ts";
import type { Project } from "../engine/index.ts";
import { percent, table } from "./format.ts";

/** A network's outputs, by its names. */
interface QualifiedNetwork extends NamedNetwork {
  readonly outputs: readonly OutputQuality[];
}

/** What is known of each network's outputs, the backbone's first. */
export function networkOutputs(
  project: Pick<Project, "backbone" | "members" | "outputs">,
): QualifiedNetwork[] {
  return [project, ...project.members].map(({ backbone: { summary }, outputs }) => ({
    name: summary.name,
    sha256: summary.sha256,
    outputs,
  }));
}

/** A table for each network of a project, the backbone first, under its name where there are several. */
export function outputTables(networks: readonly QualifiedNetwork[]): string[] {
  const titles = networkTitles(networks);
  const [backbone, ...members] = networks;
  if (members.length === 0) return outputTable(backbone.outputs);
  return [
    ...networkTable(backbone, `${titles.whole(backbone.sha256)}, the backbone`),
    ...members.flatMap((member) => ["", ...networkTable(member, titles.whole(member.sha256))]),
  ];
}

/** Of one network under its name. */
export function networkTable({ outputs }: Pick<QualifiedNetwork, "outputs">, title: string): string[] {
  return [title, ...outputTable(outputs, "its output")];
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
