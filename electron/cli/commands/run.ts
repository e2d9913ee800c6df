import type { Command } from "commander";
import {
  createStageRunner,
  type JobRunner,
  type ReportData,
  readProfile,
  runPipeline,
} from "../../engine/index.ts";
import { dataReports } from "../describe-data.ts";
import { describeRun } from "../describe-run.ts";
import {
  addDataOptions,
  addForceOption,
  addHeadOptions,
  addMemberOptions,
  addModelOptions,
  addProfileOptions,
  addRobustnessOption,
  addRunRivalOptions,
  addSearchOptions,
  addTimeBudget,
  addTrainingOptions,
  addVerifyOptions,
  chosenClasses,
  classWeights,
  deployRequestOptions,
  importOptions,
  memberRequests,
  preprocessOption,
  runRivals,
  runRobustness,
  trainRequestOptions,
} from "../options.ts";
import { recordRun } from "../run-record.ts";
import type { Parsed } from "../schema-options.ts";
import { addWorkersOptions, runWithWorkers } from "../server-options.ts";
import type { CommonOptions, Terminal } from "../terminal.ts";

export function runPipelineCommand(command: Command): void {
  const run = command
    .command("run")
    .argument("<model>", "ONNX file")
    .description("take a model through all stages: train, profile, calibrate, search, export, verify")
    .requiredOption("--out <folder>", "where the results go")
    .option("--profile <file>", "use this profile instead of measuring here");
  for (const add of [
    addModelOptions,
    addDataOptions,
    addForceOption,
    addHeadOptions,
    addTrainingOptions,
    addProfileOptions,
    addVerifyOptions,
    addTimeBudget,
    addRobustnessOption,
    addSearchOptions,
    addRunRivalOptions,
    addMemberOptions,
    addWorkersOptions,
  ])
    add(run);
  run.action((modelPath: string, _own: unknown, self: Command) => {
    const options = self.optsWithGlobals<CommonOptions & Record<string, unknown>>();
    return runWithWorkers(options, async (terminal) => {
      const found = await runRecorded(modelPath, options, terminal);
      terminal.print(found.summary, describeRun(found, options.out as string));
    });
  });
}

/** A run as its options ask for it, which its summary keeps. */
export async function runRecorded(
  modelPath: string,
  options: Parsed,
  { cache, progress, runner }: Pick<Terminal, "cache" | "progress"> & { readonly runner?: JobRunner },
): Promise<ReportData> {
  const request = {
    modelPath,
    importOptions: importOptions(options),
    dataPath: options.data as string,
    preprocess: await preprocessOption(options),
    classes: { chosen: await chosenClasses(options) },
    force: options.force === true,
    ...dataReports(progress),
    profile: options.profile === undefined ? undefined : await readProfile(options.profile as string),
    ...trainRequestOptions(options),
    ...deployRequestOptions(options),
    classWeights: await classWeights(options),
    members: await memberRequests(options),
    ...runRivals(options),
    robustness: runRobustness(options),
    recorded: await recordRun(modelPath, options),
  };
  const found = await runPipeline(request, createStageRunner(cache, progress.job, runner));
  progress.finish();
  return found;
}
