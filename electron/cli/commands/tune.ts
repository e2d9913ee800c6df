import type { Command } from "commander";
import type { TunedEpoch } from "../../../shared/model/tuned-epoch.ts";
import {
  askPython,
  createStageRunner,
  loadProjectData,
  openProject,
  saveProject,
  type TunedProject,
  takeTuning,
  trainedProject,
  tuneProject,
  writableFile,
  writeTuning,
} from "../../engine/index.ts";
import { movedTo } from "../beside-project.ts";
import { checkFlags, type TuneFlags, trainCommand, tuneRequest } from "../choose-tuning.ts";
import { dataLines } from "../describe-data.ts";
import { describeEpoch, describeTuned, describeWritten } from "../describe-training.ts";
import { addTuneOptions } from "../options.ts";
import { type CommonOptions, runCommand, type Terminal } from "../terminal.ts";

export function tuneCommand(command: Command): void {
  const tune = command
    .command("tune")
    .argument("<project>", ".offramp project with trained heads")
    .description(
      "train a network and its exits together in PyTorch; it joins the project beside the original",
    );
  addTuneOptions(tune);
  tune.action((path: string, _own: unknown, self: Command) => {
    const flags = self.optsWithGlobals<CommonOptions & TuneFlags>();
    return runCommand(flags, (terminal) => tuneAsTold(path, flags, terminal));
  });
}

async function tuneAsTold(path: string, flags: TuneFlags, terminal: Terminal): Promise<void> {
  const { cache, progress, print } = terminal;
  checkFlags(flags);
  const { writeOnly, results, out } = flags;
  if (out !== undefined) await writableFile(out, path);
  const opened = trainedProject(await openProject(path, progress.job("import"), cache));
  const project = movedTo(opened, flags);
  const request = await tuneRequest(project, path, flags);
  const isTrainedHere = !writeOnly && results === undefined;
  if (isTrainedHere && flags.launcher === undefined) await askPython(flags.python);
  const stages = createStageRunner(cache, progress.job);
  const data = await stages.run("load", ({ job }) => loadProjectData(project, cache, job));
  progress.say(dataLines(data));
  try {
    if (writeOnly) {
      const written = await writeTuning(project, data, request, stages);
      progress.finish();
      print(written, describeWritten(written, path));
      return;
    }
    const epochs: TunedEpoch[] = [];
    const onEpoch = (epoch: TunedEpoch) => {
      epochs.push(epoch);
      progress.tell(describeEpoch(epoch));
    };
    const run = { ...request, command: trainCommand(flags), onEpoch };
    const tuned =
      results === undefined
        ? await tuneProject(project, data, run, stages)
        : await takeTuning(project, data, { folder: results }, stages);
    await keep(tuned, epochs, out!, terminal);
  } finally {
    await data.source.close();
  }
}

async function keep(
  tuned: TunedProject,
  epochs: readonly TunedEpoch[],
  out: string,
  { progress, print }: Terminal,
): Promise<void> {
  await saveProject(tuned.project, out);
  progress.finish();
  const { json, lines } = describeTuned(tuned);
  print({ project: out, epochs, ...json }, [...lines, "", `wrote ${out}`]);
}
