import type { BackboneCheck } from "../../../shared/model/backbone-check.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import type { SplitOptions } from "../../../shared/model/stage-options.ts";
import type { DataRequest } from "../dataset/open/open-data.ts";
import { filledSplitOptions } from "../dataset/splits/splits.ts";
import type { HeadChoice } from "../heads/head-kind.ts";
import type { Backbone } from "../onnx/backbone.ts";
import type { ImportOptions } from "../onnx/import/import-model.ts";
import { type Member, newProject, type TrainedProject } from "../project/project.ts";
import { type LoadedData, loadData } from "./load-data.ts";
import { checkSameSamples, type MemberModel, type MemberRequest } from "./member-stage.ts";
import type { StageRunner } from "./stage-context.ts";
import {
  checkNetwork,
  meansOf,
  memberOnData,
  type NetworkOnData,
  type NetworkTraining,
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
 * @throws AppError of these stages; 'backbone-at-chance' if a network is at chance and training isn't forced
 */
export async function trainProject(
  backbone: Backbone,
  request: Omit<TrainRequest, "modelPath" | "importOptions" | "members">,
  stages: StageRunner,
  members: readonly MemberModel[] = [],
): Promise<Training> {
  const { preprocess, heads: choices, dataPath: path, classes } = request;
  const filled = filledSplitOptions(request.splits);
  const wanted = filled.trainLimit ?? Number.POSITIVE_INFINITY;
  const all = [backbone, ...members.map((member) => member.backbone)];
  const splits = { ...filled, trainLimit: Math.min(wanted, featureRowLimit(all, choices)) };
  const loaded = await stages.run("load", ({ job }) =>
    loadData(backbone, { path, preprocess, splits, classes }, job),
  );
  try {
    request.checkData?.(loaded);
    const own: NetworkOnData = { backbone, preprocess, data: loaded };
    const others: NetworkOnData[] = [];
    for (const member of members) others.push(await memberOnData(member, loaded, stages));
    request.onLoaded?.(loaded);
    const check = await checkNetwork(own, request, stages);
    for (const other of others) await checkNetwork(other, request, stages);
    const { budget } = request;
    const means = budget
      ? await stages.run("pace", ({ job }) => budget.settleTraining(loaded, splits, check, job))
      : meansOf(own, request, splits);
    const trained = await trainNetwork(own, means, request, stages);
    const trainedMembers: Member[] = [];
    for (const other of others) {
      const { model } = await trainNetwork(other, meansOf(other, request, splits), request, stages);
      checkSameSamples(model, trained.model);
      trainedMembers.push({ ...model, preprocess: other.preprocess });
    }
    const { data } = trained;
    const { path, format, classNames } = data.source;
    const about = {
      path,
      format,
      classNames: [...classNames],
      splitOptions: trained.splits,
      trainTrust: trained.trust,
      training: { heads: kindsOf(means.heads), options: means.training },
    };
    const kept = { preprocess, data: about, members: trainedMembers };
    return { project: { ...newProject(backbone), ...trained.model, ...kept }, data, check };
  } catch (error) {
    await loaded.source.close();
    throw error;
  }
}

/** Head kinds as files name them. */
function kindsOf(heads: readonly HeadChoice[]) {
  return heads.map(({ kind, options }) => ({ kind: kind.id, options: { ...options } }));
}
