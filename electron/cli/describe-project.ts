import { formatCounted, formatSeconds } from "../../shared/base/format-number.ts";
import { lastAccuracy, meanAccuracy, type TrainingRun } from "../../shared/files/training-run.ts";
import { differingOptions } from "../../shared/presentation/progress/run-options.ts";
import type { Project } from "../engine/index.ts";
import { describedMembers, outputTables } from "./describe-outputs.ts";
import { percent, table } from "./format.ts";

/** What a project holds beside its backbone: how good its exits are, and how they were trained; for programs, and as lines. */
export function describeProject(project: Project) {
  const { outputs, members, runs, design } = project;
  const notes = design?.runNotes ?? {};
  return {
    json: {
      outputs,
      members: describedMembers(members),
      runs: runs.map((run) => ({ ...run, note: notes[run.number] })),
    },
    lines: [
      ...(outputs.length > 0 ? ["", ...outputTables(project)] : []),
      ...(runs.length > 0 ? ["", ...runLines(runs, notes)] : []),
    ],
  };
}

/** The trainings of a project, a line each. */
function runLines(runs: readonly TrainingRun[], notes: Readonly<Record<string, string>>): string[] {
  const options = differingOptions(runs);
  const rows = runs.map((run, index) => [
    String(run.number),
    run.startedAt.slice(0, 16).replace("T", " "),
    String(run.heads.length),
    percent(meanAccuracy(run)),
    percent(lastAccuracy(run)),
    formatSeconds(run.seconds),
    String(run.options.training.seed),
    options[index].map(({ label, value }) => `${label} ${value}`).join(", "),
    notes[run.number] ?? "",
  ]);
  const columns = [
    "run",
    "when (UTC)",
    "heads",
    "mean",
    "last",
    "time",
    "seed",
    "options that differ",
    "note",
  ];
  return [
    `${formatCounted(runs.length, "training run")}, accuracies on the calibration split`,
    ...table(columns, rows),
  ];
}
