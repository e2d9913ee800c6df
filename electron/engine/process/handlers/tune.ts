import { join } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";
import { trainingFolder } from "../../../../shared/files/training-folder.ts";
import type { TunedEpoch } from "../../../../shared/model/tuned-epoch.ts";
import { type TrainedProject, trainedProject } from "../../project/project.ts";
import type { LoadedData } from "../../stages/load-data.ts";
import { createStageRunner, type StageRunner } from "../../stages/stage-context.ts";
import {
  type TuneFolder,
  type TuneRun,
  takeTuning,
  tuneProject,
  writeTuning,
} from "../../stages/tune-stage.ts";
import { askPython } from "../../tune/find-python.ts";
import { launchCommand } from "../../tune/launch-command.ts";
import { lookForPython } from "../../tune/look-for-python.ts";
import type { Call } from "../call.ts";
import type { Handlers } from "../handler.ts";
import { loadProjectData } from "../project-data.ts";
import type { Workspace } from "../workspace.ts";

/** Networks that learn together with their exits, in PyTorch. */
export function tuneHandlers(
  workspace: Workspace,
): Pick<Handlers, "python.find" | "project.tune" | "project.writeTuning" | "project.takeTuning"> {
  return {
    "python.find": async ({ python }) =>
      python === null ? lookForPython() : { path: python, ...(await askPython(python)) },
    "project.tune": ({ python, processes, folder, ...request }, call) =>
      workspace.change("tuning a network", (project) =>
        withData(trainedProject(project), workspace, call, async (trained, data, stages) => {
          const program = python ?? (await lookForPython()).path;
          const command = launchCommand(program, processes);
          const shown = showCurves(call);
          const tune = (place: string) =>
            tuneProject(trained, data, { ...request, ...shown, command, folder: place }, stages);
          const tuned = folder === null ? await inOwnFolder(workspace, tune) : await tune(folder);
          return tuned.project;
        }),
      ),
    "project.writeTuning": (request, call) =>
      workspace.exclusively("writing a training", () =>
        withData(trainedProject(workspace.project), workspace, call, async (trained, data, stages) => {
          await writeTuning(trained, data, request, stages);
          return {};
        }),
      ),
    "project.takeTuning": (request, call) =>
      workspace.change("taking back a training", (project) =>
        withData(trainedProject(project), workspace, call, async (trained, data, stages) => {
          const tuned = await takeTuning(trained, data, request, stages);
          return tuned.project;
        }),
      ),
  };
}

async function withData<Result>(
  project: TrainedProject,
  { cache }: Workspace,
  call: Call,
  work: (project: TrainedProject, data: LoadedData, stages: StageRunner) => Promise<Result>,
): Promise<Result> {
  const data = await loadProjectData(project, cache, call.job("load"));
  try {
    const jobs: Call["job"] = (stage, network) => ({ ...call.job(stage, network), warn: call.warn });
    return await work(project, data, createStageRunner(cache, jobs));
  } finally {
    await data.source.close();
  }
}

/** Sends every epoch with those before it. */
function showCurves(call: Call): Pick<TuneRun, "onWritten" | "onEpoch"> {
  let written: TuneFolder | undefined;
  let epochs: readonly TunedEpoch[] = [];
  return {
    onWritten: (folder) => {
      written = folder;
    },
    onEpoch: (epoch) => {
      epochs = [...epochs.filter((earlier) => earlier.epoch < epoch.epoch), epoch];
      if (!written) return;
      const exits = written.exits.map(({ cutPoint, kind }) => ({ cutPoint, head: kind }));
      call.showTuning({ network: written.network, exits, epochs: [...epochs] });
    },
  };
}

/** Trainings of one project that may lie beside it. */
const maxFolders = 100;

/** Beside the project, or among our own files before it is saved: in the first folder that holds no other training. */
async function inOwnFolder<Result>(
  { projectPath, cache, project }: Workspace,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const base = projectPath
    ? trainingFolder(projectPath)
    : join(cache.folder, "trainings", project.backbone.summary.sha256.slice(0, 16));
  for (let number = 1; ; number++)
    try {
      return await work(number === 1 ? base : `${base}-${number}`);
    } catch (error) {
      const isTaken = error instanceof AppError && error.details.missing === "trainingFolder";
      if (!isTaken || number === maxFolders) throw error;
    }
}
