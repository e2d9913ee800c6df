import type { Command } from "commander";
import {
  createStageRunner,
  importBackbone,
  importMembers,
  saveProject,
  trainProject,
  writableFile,
} from "../../engine/index.ts";
import { dataReports } from "../describe-data.ts";
import { describedMembers, outputTables } from "../describe-outputs.ts";
import {
  addDataOptions,
  addForceOption,
  addHeadOptions,
  addMemberOptions,
  addModelOptions,
  addTrainingOptions,
  chosenClasses,
  importOptions,
  memberRequests,
  preprocessOption,
  trainRequestOptions,
} from "../options.ts";
import { addWorkersOptions, runWithWorkers } from "../server-options.ts";
import type { CommonOptions } from "../terminal.ts";

export function trainCommand(command: Command): void {
  const train = command
    .command("train")
    .argument("<model>", "ONNX file")
    .description("train and calibrate an exit head at every cut point; writes a project")
    .requiredOption("-o, --out <file>", "the .offramp project to write");
  for (const add of [
    addModelOptions,
    addDataOptions,
    addForceOption,
    addHeadOptions,
    addTrainingOptions,
    addMemberOptions,
    addWorkersOptions,
  ])
    add(train);
  train.action((modelPath: string, _own: unknown, self: Command) => {
    const options = self.optsWithGlobals<CommonOptions & Record<string, unknown>>();
    return runWithWorkers(options, async ({ cache, progress, print, runner }) => {
      const out = await writableFile(options.out as string, modelPath);
      const request = {
        modelPath,
        importOptions: importOptions(options),
        dataPath: options.data as string,
        preprocess: await preprocessOption(options),
        classes: { chosen: await chosenClasses(options) },
        force: options.force === true,
        ...dataReports(progress),
        ...trainRequestOptions(options),
      };
      const wanted = await memberRequests(options);
      const stages = createStageRunner(cache, progress.job, runner);
      const backbone = await importBackbone(request, stages);
      const models = await importMembers(wanted, backbone, request.preprocess, stages);
      const { project, data } = await trainProject(backbone, request, stages, models);
      await data.source.close();
      await saveProject(project, out);
      progress.finish();
      const { notes } = data;
      const { outputs, members } = project;
      const lines = [...outputTables(project), "", `wrote ${out}`];
      print({ project: out, outputs, members: describedMembers(members), notes }, lines);
    });
  });
}
