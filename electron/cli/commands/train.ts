import type { Command } from "commander";
import {
  createStageRunner,
  importBackbone,
  saveProject,
  trainProject,
  writableFile,
} from "../../engine/index.ts";
import { noteLines, outputTable } from "../describe-outputs.ts";
import {
  addDataOptions,
  addHeadOptions,
  addModelOptions,
  addTrainingOptions,
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
  for (const add of [addModelOptions, addDataOptions, addHeadOptions, addTrainingOptions]) add(train);
  train.action((modelPath: string, _own: unknown, self: Command) => {
    const options = self.optsWithGlobals<CommonOptions & Record<string, unknown>>();
    return runCommand(options, async ({ cache, progress, print }) => {
      const out = await writableFile(options.out as string, modelPath);
      const request = {
        modelPath,
        importOptions: importOptions(options),
        dataPath: options.data as string,
        preprocess: await preprocessOption(options),
        ...trainRequestOptions(options),
      };
      const stages = createStageRunner(cache, progress.job);
      const backbone = await importBackbone(request, stages);
      const { project, data } = await trainProject(backbone, request, stages);
      await data.source.close();
      await saveProject(project, out);
      progress.finish();
      const { notes } = data.source;
      const lines = [outputTable(project.outputs), "", ...noteLines(notes), `wrote ${out}`];
      print({ project: out, outputs: project.outputs, notes }, lines.join("\n"));
    });
  });
}
