import {
  headKindById,
  importBackbone,
  importMembers,
  loadProjectData,
  openProject,
  prepareFashionMnist,
  profileNetworks,
  type StageCache,
  type StageRunner,
  type TrainedProject,
  trainedProject,
  trainProject,
} from "../../electron/engine/index.ts";
import type { LoadedData } from "../../electron/engine/stages/load-data.ts";
import { exampleSize } from "../../electron/engine/stages/profile-networks.ts";
import { silentJob } from "../../shared/base/job.ts";
import { preprocessSchema } from "../../shared/model/preprocess.ts";
import type { Profile } from "../../shared/model/profile.ts";
import {
  defaultSplitLimits,
  targetOptionsSchema,
  trainOptionsSchema,
} from "../../shared/model/stage-options.ts";

/** What chains are looked for in: networks with their heads and tables, their latencies here, and the images. */
export interface BenchedProject {
  readonly project: TrainedProject;
  readonly profile: Profile;
  /** The caller closes it. */
  readonly data: LoadedData;
}

const sample = "assets/samples/fashion-mnist/explored.offramp";

/** The scale that networks of CIFAR-10 are commonly trained at. */
const cifarPreprocess = preprocessSchema.parse({
  mean: [0.485, 0.456, 0.406],
  standardDeviation: [0.229, 0.224, 0.225],
  channels: "rgb",
});

export const target = targetOptionsSchema.parse({});

/** The sample, with its images. */
async function sampleProject(cache: StageCache): Promise<Omit<BenchedProject, "profile">> {
  const project = trainedProject(await openProject(sample));
  const path = await prepareFashionMnist(cache.folder, silentJob);
  return withData({ ...project, data: { ...project.data, path } }, cache);
}

/** A project file, and its images where they lie now. */
async function projectOf(
  file: string,
  dataPath: string | undefined,
  cache: StageCache,
): Promise<Omit<BenchedProject, "profile">> {
  const project = trainedProject(await openProject(file));
  const path = dataPath ?? project.data.path;
  return withData({ ...project, data: { ...project.data, path } }, cache);
}

/** The project file that is asked for, else the sample. */
export function benchedProject(
  { project, data }: { readonly project?: string; readonly data?: string },
  cache: StageCache,
): Promise<Omit<BenchedProject, "profile">> {
  return project ? projectOf(project, data, cache) : sampleProject(cache);
}

async function withData(project: TrainedProject, cache: StageCache) {
  return { project, data: await loadProjectData(project, cache, silentJob) };
}

/** How heads are trained where they aren't there yet. */
export interface TrainingWishes {
  readonly heads: readonly string[];
  readonly trainImages: number;
}

/** Networks with frozen weights and heads trained on images of CIFAR-10, the backbone first. */
export async function cifarProject(
  folder: string,
  [model, ...members]: readonly string[],
  { heads, trainImages }: TrainingWishes,
  stages: StageRunner,
): Promise<Omit<BenchedProject, "profile">> {
  const request = {
    modelPath: model,
    importOptions: {},
    dataPath: folder,
    preprocess: cifarPreprocess,
    splits: { ...defaultSplitLimits, trainLimit: trainImages },
    heads: heads.map((id) => {
      const kind = headKindById(id);
      return { kind, options: kind.options.parse({}) };
    }),
    training: trainOptionsSchema.parse({}),
  };
  const backbone = await importBackbone(request, stages);
  const further = await importMembers(
    members.map((path) => ({ path })),
    backbone,
    cifarPreprocess,
    stages,
  );
  return trainProject(backbone, request, stages, further);
}

/** Latencies of all networks on this machine. */
export async function profiled(
  { project, data }: Omit<BenchedProject, "profile">,
  seconds: number,
  stages: StageRunner,
): Promise<Profile> {
  const imageSize = project.members.length > 0 ? await exampleSize(data) : undefined;
  return stages.run("profile", (context) =>
    profileNetworks(context, project, { target, seconds, imageSize }),
  );
}
