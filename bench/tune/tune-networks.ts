import { join } from "node:path";
import {
  type StageRunner,
  type TrainedProject,
  tuneProject,
  writeTuning,
} from "../../electron/engine/index.ts";
import type { TuneOptions } from "../../shared/model/tune-options.ts";
import type { TunedEpoch } from "../../shared/model/tuned-epoch.ts";
import type { BenchedProject } from "../plans/benched-project.ts";

/** How networks are tuned. */
export interface Tuning {
  readonly options: TuneOptions;
  readonly python: string;
  /** Of all trainings, each in a folder of its own. */
  readonly folder: string;
  /** All images that heads may learn from if absent. */
  readonly trainLimit: number | undefined;
  readonly onEpoch: (name: string, epoch: TunedEpoch) => void;
}

type Opened = Omit<BenchedProject, "profile">;

/** All networks of a project that aren't tuned yet, the backbone first. */
export async function tuneAll(
  { project, data }: Opened,
  { folder, python, onEpoch, ...how }: Tuning,
  stages: StageRunner,
): Promise<TrainedProject> {
  const networks = [project, ...project.members.filter(({ tunedFrom }) => tunedFrom === undefined)];
  let tuned = project;
  for (const [index, { backbone }] of networks.entries()) {
    const { sha256: network, name } = backbone.summary;
    const request = {
      ...how,
      network: index === 0 ? undefined : network,
      folder: join(folder, String(index)),
      command: [python],
      onEpoch: (epoch: TunedEpoch) => onEpoch(name, epoch),
    };
    ({ project: tuned } = await tuneProject(tuned, data, request, stages));
  }
  return tuned;
}

/** A folder to be trained in by several processes: the backbone's. */
export async function processFolder(
  { project, data }: Opened,
  { folder, ...how }: Tuning,
  stages: StageRunner,
): Promise<string> {
  const written = join(folder, "processes");
  await writeTuning(project, data, { ...how, folder: written }, stages);
  return written;
}
