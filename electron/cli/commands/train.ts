import type { Command } from "commander";
import {
  createStageRunner,
  importBackbone,
  saveProject,
  trainProject,
  writableFile,
} from "../../engine/index.ts";
import { dataReports } from "../describe-data.ts";
import { outputTable } from "../describe-outputs.ts";
import {
  addDataOptions,
  addForceOption,
  addHeadOptions,
  addModelOptions,
  addTrainingOptions,
  chosenClasses,
  importOptions,
  preprocessOption,
  trainRequestOptions,
} from "../options.ts";
import { type CommonOptions, runCommand } from "../terminal.ts";

export function trainCommand(command: Command): void {
  const train = command
    .command("train")
    .argument("<model>", "ONNX file")
    .description("train and calibrate an exit head at every cut point; writes a project")
    .requiredOption("-o, --out <file>", "the .offramp project to write");
  for (const add of [addModelOptions, addDataOptions, addForceOption, addHeadOptions, addTrainingOptions])
    add(train);
  train.action((modelPath: string, _own: unknown, self: Command) => {
    const options = self.optsWithGlobals<CommonOptions & Record<string, unknown>>();
    return runCommand(options, async ({ cache, progress, print }) => {
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
      const stages = createStageRunner(cache, progress.job);
      const backbone = await importBackbone(request, stages);
      const { project, data } = await trainProject(backbone, request, stages);
      await data.source.close();
      await saveProject(project, out);
      progress.finish();
      const { notes } = data;
      const lines = [...outputTable(project.outputs), "", `wrote ${out}`];
      print({ project: out, outputs: project.outputs, notes }, lines);
    });
  });
}
