import type { BackboneCheck } from "../../../shared/model/backbone-check.ts";
import { type TrainTrust, trainTrust, trustWarnings } from "../../../shared/model/data-trust.ts";
import type { SplitOptions, TrainOptions } from "../../../shared/model/stage-options.ts";
import { trustOfTables } from "../calibrate/trust-of-tables.ts";
import { refuseChance } from "../check/check-backbone.ts";
import type { HeadChoice } from "../heads/head-kind.ts";
import type { CalibratedModel } from "../project/project.ts";
import { calibrateHeads } from "./calibrate-stage.ts";
import { checkBackboneOnce } from "./check-stage.ts";
import { dataOfMember, type LoadedData } from "./load-data.ts";
import { matchClasses, withClassesOf } from "./member-classes.ts";
import type { MemberModel } from "./member-stage.ts";
import type { StageRunner } from "./stage-context.ts";
import type { TimeBudget, TrainingMeans } from "./time-budget/time-budget.ts";
import { trainHeads } from "./train-stage.ts";

/** How networks are checked, trained and calibrated. */
export interface NetworkTraining {
  readonly heads: readonly HeadChoice[];
  readonly training: TrainOptions;
  /** Policies of thresholds per class that are wanted beside the others, by id. */
  readonly policies?: readonly string[];
  /** Train even if a network is no better than chance. */
  readonly force?: boolean;
  /** Told what the person should know of each network on the data before anything long starts. */
  readonly onChecked?: (check: BackboneCheck, member?: string) => void;
  /** Shares a given time; all is done as wanted if absent. Of the backbone alone. */
  readonly budget?: TimeBudget;
}

/** A network on its own images. */
export interface NetworkOnData extends MemberModel {
  readonly data: LoadedData;
  /** Absent of the backbone. */
  readonly member?: string;
}

/** A member on its own images, with the data's classes. @throws AppError as `withClassesOf` and `dataOfMember` do */
export async function memberOnData(
  member: MemberModel,
  data: LoadedData,
  stages: StageRunner,
): Promise<NetworkOnData> {
  const { classNames } = data.source;
  const { name } = member.backbone.summary;
  const isSure = matchClasses(member.backbone, classNames).kind === "number";
  const backbone = isSure
    ? member.backbone
    : await stages.run("import", (context) => withClassesOf(member.backbone, classNames, context), name);
  const own = { ...member, backbone };
  return { ...own, data: await dataOfMember(data, own), member: name };
}

/** Whether a network is right on its images. @throws AppError 'backbone-at-chance' unless it is forced */
export async function checkNetwork(
  { backbone, preprocess, data, member }: NetworkOnData,
  { force, onChecked, budget }: Pick<NetworkTraining, "force" | "onChecked" | "budget">,
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
export function meansOf(
  { backbone, data }: NetworkOnData,
  { heads, training }: Pick<NetworkTraining, "heads" | "training">,
  splits: SplitOptions,
): TrainingMeans {
  return { data, splits, cuts: backbone.summary.cutPoints, heads, training };
}

/** A network with its heads, and the data that its tables are of. */
export interface TrainedNetwork extends Pick<TrainingMeans, "data" | "splits"> {
  readonly model: CalibratedModel;
  readonly trust: TrainTrust | undefined;
}

/** Trains heads of a network and calibrates them. */
export async function trainNetwork(
  { backbone, member }: NetworkOnData,
  means: TrainingMeans,
  { budget, policies = [] }: Pick<NetworkTraining, "budget" | "policies">,
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
