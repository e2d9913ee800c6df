import { type BackboneCheck, remedyOfMember } from "../../../shared/model/backbone-check.ts";
import {
  type SplitFigures,
  type TrainTrust,
  trainTrust,
  trustWarnings,
} from "../../../shared/model/data-trust.ts";
import type { HeadCurve } from "../../../shared/model/head-curve.ts";
import type { TrainOptions } from "../../../shared/model/stage-options.ts";
import { trustOfTables } from "../calibrate/trust-of-tables.ts";
import { refuseChance } from "../check/check-backbone.ts";
import { type HeadWish, headsFor } from "../heads/head-choices.ts";
import { headsBeforeTraining } from "../heads/heads-before-training.ts";
import type { CalibratedModel } from "../project/project.ts";
import { calibrateHeads } from "./calibrate-stage.ts";
import { checkBackboneOnce } from "./check-stage.ts";
import { dataOfMember, type LoadedData } from "./load-data.ts";
import { matchClasses, withClassesOf } from "./member-classes.ts";
import type { MemberModel } from "./member-stage.ts";
import { trainSharedHeads } from "./shares/share-heads.ts";
import type { StageRunner } from "./stage-context.ts";
import { cutsOf, type TimeBudget, type TrainingMeans } from "./time-budget/time-budget.ts";
import type { OnCurve } from "./train-stage.ts";

/** How networks are checked, trained and calibrated. */
export interface NetworkTraining extends HeadWish {
  readonly training: TrainOptions;
  /** Policies of thresholds per class that are wanted beside the others, by id. */
  readonly policies?: readonly string[];
  /** Train even if a network is no better than chance. */
  readonly force?: boolean;
  /** Told what the person should know of each network on the data before anything long starts. */
  readonly onChecked?: (check: BackboneCheck, member?: string) => void;
  /** Told of every head that learns, epoch by epoch. */
  readonly onCurve?: OnCurve;
  /** Shares a given time; all is done as wanted if absent. */
  readonly budget?: TimeBudget;
}

/** A network on its own images. */
export interface NetworkOnData extends MemberModel {
  readonly data: LoadedData;
  /** Absent of the backbone. */
  readonly member?: string;
  /** Whether its scores stand in another order than in its file. */
  readonly isReordered?: boolean;
}

/** A member on its own images, with the data's classes. @throws AppError as `withClassesOf` and `dataOfMember` do */
export async function memberOnData(
  member: MemberModel,
  data: LoadedData,
  stages: StageRunner,
): Promise<NetworkOnData> {
  const { classNames } = data.source;
  const { name } = member.backbone.summary;
  const isSure = matchClasses(member, classNames).kind === "number";
  const backbone = isSure
    ? member.backbone
    : await stages.run("import", (context) => withClassesOf(member, classNames, context), name);
  const own = { ...member, backbone };
  const isReordered = backbone !== member.backbone;
  return { ...own, data: await dataOfMember(data, own), member: name, isReordered };
}

/** How right a network is on some of its images. @throws AppError 'backbone-at-chance' unless it is forced */
export async function checkNetwork(
  network: NetworkOnData,
  { force, onChecked, budget }: Pick<NetworkTraining, "force" | "onChecked" | "budget">,
  stages: StageRunner,
): Promise<BackboneCheck> {
  const { backbone, preprocess, data, member } = network;
  const found = await stages.run(
    "check",
    (context) => checkBackboneOnce(context, backbone, data, preprocess, budget?.checkSeconds),
    member,
  );
  const check = member === undefined ? found : withOwnRemedies(found, network);
  if (!force) refuseChance(check, member);
  onChecked?.(check, member);
  return check;
}

/** A member has options of its own; an order that was found in reordered scores is none of the file's. */
function withOwnRemedies(check: BackboneCheck, { isReordered }: NetworkOnData): BackboneCheck {
  const alternatives = check.alternatives.map((other) => ({
    ...other,
    remedy: isReordered && other.classNames ? "" : remedyOfMember(other.remedy),
  }));
  return { ...check, alternatives };
}

/** The same network on the project's data as it was divided anew. */
export async function onDivided(network: NetworkOnData, data: LoadedData): Promise<NetworkOnData> {
  if (network.member === undefined) return { ...network, data };
  return { ...network, data: await dataOfMember(data, network) };
}

/** Heads of a network, before they are calibrated. */
export interface TrainedHeads extends Pick<CalibratedModel, "heads"> {
  /** What the network does on the images that they learnt from, if any learnt. */
  readonly networkOnTrain?: SplitFigures;
  /** How those that were trained learnt. */
  readonly curves: readonly HeadCurve[];
}

/** Trains heads of a network, at a share of its cut points; where none are to be trained, its own exits are all that it has. */
export async function trainNetwork(
  { backbone, member, data }: NetworkOnData,
  means: Pick<TrainingMeans, keyof HeadWish | "training" | "cutShare"> & Pick<NetworkTraining, "onCurve">,
  stages: StageRunner,
): Promise<TrainedHeads> {
  const choices = headsFor(backbone, means);
  if (choices.length === 0) return { heads: headsBeforeTraining(backbone, { heads: [] }), curves: [] };
  const { training, cutShare, onCurve } = means;
  const cuts = cutsOf(backbone, cutShare);
  const network = member === undefined ? {} : { network: backbone.summary.sha256 };
  const { heads, curves, backboneOnTrain } = await stages.run(
    "train",
    (context) =>
      trainSharedHeads(context, backbone, data, choices, training, cuts, {
        onCurve: (curve) => onCurve?.({ ...curve, ...network }),
      }),
    member,
  );
  const named = curves.map((curve) => ({ ...curve, ...network }));
  return { heads, curves: named, networkOnTrain: backboneOnTrain };
}

/** A network with its heads, and how far to trust figures of images that the network may have seen. */
export interface CalibratedNetwork {
  readonly model: CalibratedModel;
  readonly trust: TrainTrust | undefined;
}

export async function calibrateNetwork(
  { backbone, member, data }: NetworkOnData,
  { heads, networkOnTrain }: Omit<TrainedHeads, "curves">,
  policies: readonly string[],
  stages: StageRunner,
): Promise<CalibratedNetwork> {
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
  const trust = networkOnTrain && trainTrust(networkOnTrain, backboneOnTest);
  return { model: { backbone, heads, ...calibration }, trust };
}
