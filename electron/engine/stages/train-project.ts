import { withRun } from "../../../shared/files/training-run.ts";
import type { BackboneCheck } from "../../../shared/model/backbone-check.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import type { SplitOptions } from "../../../shared/model/stage-options.ts";
import type { DataRequest } from "../dataset/open/open-data.ts";
import { filledSplitOptions } from "../dataset/splits/splits.ts";
import { checkHasExits, type HeadWish, headsFor, headWish, namedChoices } from "../heads/head-choices.ts";
import type { Backbone } from "../onnx/backbone.ts";
import type { ImportOptions } from "../onnx/import/import-model.ts";
import { type Member, newProject, type TrainedProject } from "../project/project.ts";
import { endedRun } from "./ended-run.ts";
import { type LoadedData, loadData } from "./load-data.ts";
import { checkSameSamples, type MemberModel, type MemberRequest } from "./member-stage.ts";
import type { StageRunner } from "./stage-context.ts";
import type { TrainingMeans } from "./time-budget/time-budget.ts";
import {
  type CalibratedNetwork,
  calibrateNetwork,
  checkNetwork,
  memberOnData,
  type NetworkOnData,
  type NetworkTraining,
  onDivided,
  type TrainedHeads,
  trainNetwork,
} from "./train-network.ts";
import { featureRowLimit } from "./train-stage.ts";

/** All that trained and calibrated heads depend on. */
export interface TrainRequest extends NetworkTraining {
  readonly modelPath: string;
  readonly importOptions: ImportOptions;
  readonly dataPath: string;
  readonly preprocess: Preprocess;
  readonly splits: SplitOptions;
  readonly classes?: DataRequest["classes"];
  /** Further networks, which plans may begin with. */
  readonly members?: readonly MemberRequest[];
  /** Inspects the data set before anything long starts. */
  readonly checkData?: (data: LoadedData) => void;
  /** Told what the person should know of the data before anything long starts. */
  readonly onLoaded?: (data: LoadedData) => void;
}

/** A project without profile or plans, and what it was made with. */
export interface Training {
  readonly project: TrainedProject;
  /** The caller closes it. */
  readonly data: LoadedData;
  readonly check: BackboneCheck;
}

/**
 * Load, check, train and calibrate, the backbone first, then its members.
 * @throws AppError of these stages; 'usage' if the backbone would have no exits; 'backbone-at-chance' if a network is at
 * chance and training isn't forced
 */
export async function trainProject(
  backbone: Backbone,
  request: Omit<TrainRequest, "modelPath" | "importOptions" | "members">,
  stages: StageRunner,
  members: readonly MemberModel[] = [],
): Promise<Training> {
  const { preprocess, dataPath: path, classes, onCurve } = request;
  const startedAt = new Date().toISOString();
  checkHasExits(backbone, request);
  const all = [backbone, ...members.map((member) => member.backbone)];
  const splits = trainSplits(request, all);
  const loaded = await stages.run("load", ({ job }) =>
    loadData(backbone, { path, preprocess, splits, classes }, job),
  );
  try {
    request.checkData?.(loaded);
    const own: NetworkOnData = { backbone, preprocess, data: loaded };
    const others: NetworkOnData[] = [];
    for (const member of members) others.push(await memberOnData(member, loaded, stages));
    request.onLoaded?.(loaded);
    const networks = [own, ...others];
    const checks: BackboneCheck[] = [];
    for (const network of networks) checks.push(await checkNetwork(network, request, stages));
    const { budget, training } = request;
    const means: TrainingMeans = budget
      ? await stages.run("pace", ({ job }) => budget.settleTraining(loaded, others, splits, checks, job))
      : { ...headWish(request), data: loaded, splits, training, cutShare: 1 };
    const heads: TrainedHeads[] = [];
    for (const network of networks)
      heads.push(await trainNetwork(await onDivided(network, means.data), { ...means, onCurve }, stages));
    const tables = budget?.settleTables(means, stages.seconds.train) ?? means;
    const [trained, ...trainedMembers] = await calibrateAll(networks, heads, tables.data, request, stages);
    const { path, format, classNames } = tables.data.source;
    const about = {
      path,
      format,
      classNames: [...classNames],
      splitOptions: tables.splits,
      trainTrust: trained.trust,
      training: { ...headWish(means), heads: namedChoices(means.heads), options: means.training },
    };
    const learnt = [trained, ...trainedMembers].map(({ model }, index) => ({
      model,
      curves: heads[index].curves,
    }));
    const asked = { ...means, splits: tables.splits };
    const runs = withRun([], endedRun(learnt, asked, { startedAt, seconds: stages.seconds.train ?? 0 }));
    const kept = { preprocess, data: about, members: membersOf(others, trainedMembers), runs };
    const project = { ...newProject(backbone), ...trained.model, ...kept };
    return { project, data: tables.data, check: checks[0] };
  } catch (error) {
    await loaded.source.close();
    throw error;
  }
}

/** With as many train images as the features of all networks that learn heads leave room for, and none carved off where none does. */
function trainSplits(
  { splits, training, ...wish }: Pick<TrainRequest, keyof HeadWish | "splits" | "training">,
  all: readonly Backbone[],
) {
  const { nothingLearns: _, ...filled } = filledSplitOptions(splits);
  const learning = all.filter((network) => headsFor(network, wish).length > 0);
  if (learning.length === 0) return { ...filled, nothingLearns: true };
  const wanted = filled.trainLimit ?? Number.POSITIVE_INFINITY;
  return { ...filled, trainLimit: Math.min(wanted, featureRowLimit(learning, wish.heads, training)) };
}

/** All on the same samples, the backbone first. */
async function calibrateAll(
  networks: readonly NetworkOnData[],
  heads: readonly TrainedHeads[],
  data: LoadedData,
  { policies = [] }: Pick<TrainRequest, "policies">,
  stages: StageRunner,
): Promise<CalibratedNetwork[]> {
  const calibrated: CalibratedNetwork[] = [];
  for (const [index, network] of networks.entries()) {
    const own = await calibrateNetwork(await onDivided(network, data), heads[index], policies, stages);
    if (index > 0) checkSameSamples(own.model, calibrated[0].model);
    calibrated.push(own);
  }
  return calibrated;
}

function membersOf(networks: readonly NetworkOnData[], trained: readonly CalibratedNetwork[]): Member[] {
  return trained.map(({ model }, index) => ({ ...model, preprocess: networks[index].preprocess }));
}
