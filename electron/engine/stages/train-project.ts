import type { BackboneCheck } from "../../../shared/model/backbone-check.ts";
import { type TrainTrust, trainTrust, trustWarnings } from "../../../shared/model/data-trust.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import type { SplitOptions, TrainOptions } from "../../../shared/model/stage-options.ts";
import { trustOfTables } from "../calibrate/trust-of-tables.ts";
import { refuseChance } from "../check/check-backbone.ts";
import type { DataRequest } from "../dataset/open/open-data.ts";
import { filledSplitOptions } from "../dataset/splits/splits.ts";
import type { HeadChoice } from "../heads/head-kind.ts";
import type { Backbone } from "../onnx/backbone.ts";
import type { ImportOptions } from "../onnx/import/import-model.ts";
import { type CalibratedModel, type Member, newProject, type TrainedProject } from "../project/project.ts";
import { calibrateHeads } from "./calibrate-stage.ts";
import { checkBackboneOnce } from "./check-stage.ts";
import { dataOfMember, type LoadedData, loadData } from "./load-data.ts";
import { matchClasses, withClassesOf } from "./member-classes.ts";
import { checkSameSamples, type MemberModel, type MemberRequest } from "./member-stage.ts";
import type { StageRunner } from "./stage-context.ts";
import type { TimeBudget, TrainingMeans } from "./time-budget/time-budget.ts";
import { featureRowLimit, trainHeads } from "./train-stage.ts";

/** All that trained and calibrated heads depend on. */
export interface TrainRequest {
  readonly modelPath: string;
  readonly importOptions: ImportOptions;
  readonly dataPath: string;
  readonly preprocess: Preprocess;
  readonly splits: SplitOptions;
  readonly classes?: DataRequest["classes"];
  /** Further networks, which plans may begin with. */
  readonly members?: readonly MemberRequest[];
  readonly heads: readonly HeadChoice[];
  readonly training: TrainOptions;
  /** Policies of thresholds per class that are wanted beside the others, by id. */
  readonly policies?: readonly string[];
  /** Inspects the data set before anything long starts. */
  readonly checkData?: (data: LoadedData) => void;
  /** Told what the person should know before anything long starts: about the data, then about the backbone on it. */
  readonly onLoaded?: (data: LoadedData) => void;
  readonly onChecked?: (check: BackboneCheck, member?: string) => void;
  /** Shares a given time; all is done as wanted if absent. Of the backbone alone. */
  readonly budget?: TimeBudget;
  /** Train even if a network is no better than chance. */
  readonly force?: boolean;
}

/** A project without profile or plans, and what it was made with. */
export interface Training {
  readonly project: TrainedProject;
  /** The caller closes it. */
  readonly data: LoadedData;
  readonly check: BackboneCheck;
}

/** A network on its own images. */
interface NetworkOnData extends MemberModel {
  readonly data: LoadedData;
  /** Absent of the backbone. */
  readonly member?: string;
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
    const others = await membersOnData(members, loaded, stages);
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
    };
    const kept = { preprocess, data: about, members: trainedMembers };
    return { project: { ...newProject(backbone), ...trained.model, ...kept }, data, check };
  } catch (error) {
    await loaded.source.close();
    throw error;
  }
}

/** Members on their own images, with the data's classes. */
async function membersOnData(
  members: readonly MemberModel[],
  data: LoadedData,
  stages: StageRunner,
): Promise<NetworkOnData[]> {
  const { classNames } = data.source;
  const found: NetworkOnData[] = [];
  for (const member of members) {
    const { name } = member.backbone.summary;
    const isSure = matchClasses(member.backbone, classNames).kind === "number";
    const backbone = isSure
      ? member.backbone
      : await stages.run("import", (context) => withClassesOf(member.backbone, classNames, context), name);
    const own = { ...member, backbone };
    found.push({ ...own, data: await dataOfMember(data, own), member: name });
  }
  return found;
}

async function checkNetwork(
  { backbone, preprocess, data, member }: NetworkOnData,
  { force, onChecked, budget }: Pick<TrainRequest, "force" | "onChecked" | "budget">,
  stages: StageRunner,
): Promise<BackboneCheck> {
  const check = await stages.run(
    "check",
    (context) => checkBackboneOnce(context, backbone, data, preprocess, budget?.checkSeconds),
    member,
  );
  if (!force) refuseChance(check, member);
  onChecked?.(check, member);
  return check;
}

/** What a network is trained with where no time is given. */
function meansOf(
  { backbone, data }: NetworkOnData,
  { heads, training }: Pick<TrainRequest, "heads" | "training">,
  splits: SplitOptions,
): TrainingMeans {
  return { data, splits, cuts: backbone.summary.cutPoints, heads, training };
}

/** A network with its heads, and the data that its tables are of. */
interface TrainedNetwork extends Pick<TrainingMeans, "data" | "splits"> {
  readonly model: CalibratedModel;
  readonly trust: TrainTrust | undefined;
}

async function trainNetwork(
  { backbone, member }: NetworkOnData,
  means: TrainingMeans,
  { budget, policies = [] }: Pick<TrainRequest, "budget" | "policies">,
  stages: StageRunner,
): Promise<TrainedNetwork> {
  const { heads, backboneOnTrain } = await stages.run(
    "train",
    (context) => trainHeads(context, backbone, means.data, means.heads, means.training, means.cuts),
    member,
  );
  const { data, splits } = budget?.settleTables(means, stages.seconds.train) ?? means;
  const { calibration, backboneOnTest } = await stages.run(
    "calibrate",
    async (context) => {
      const made = await calibrateHeads(context, backbone, heads, data, policies);
      const trust = member === undefined ? trustOfTables(made.calibration.tables) : undefined;
      for (const { text } of trust ? trustWarnings(trust) : []) context.job.warn?.(text);
      return made;
    },
    member,
  );
  const trust = backboneOnTrain && trainTrust(backboneOnTrain, backboneOnTest);
  return { model: { backbone, heads, ...calibration }, trust, data, splits };
}
