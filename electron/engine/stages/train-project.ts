import type { BackboneCheck } from "../../../shared/model/backbone-check.ts";
import { trainTrust, trustWarnings } from "../../../shared/model/data-trust.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import type { SplitOptions, TrainOptions } from "../../../shared/model/stage-options.ts";
import { trustOfTables } from "../calibrate/trust-of-tables.ts";
import { refuseChance } from "../check/check-backbone.ts";
import type { DataRequest } from "../dataset/open/open-data.ts";
import { filledSplitOptions } from "../dataset/splits/splits.ts";
import type { HeadChoice } from "../heads/head-kind.ts";
import type { Backbone } from "../onnx/backbone.ts";
import type { ImportOptions } from "../onnx/import/import-model.ts";
import { newProject, type TrainedProject } from "../project/project.ts";
import { calibrateHeads } from "./calibrate-stage.ts";
import { checkBackboneOnce } from "./check-stage.ts";
import { type LoadedData, loadData } from "./load-data.ts";
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
  readonly heads: readonly HeadChoice[];
  readonly training: TrainOptions;
  /** Policies of thresholds per class that are wanted beside the others, by id. */
  readonly policies?: readonly string[];
  /** Inspects the data set before anything long starts. */
  readonly checkData?: (data: LoadedData) => void;
  /** Told what the person should know before anything long starts: about the data, then about the backbone on it. */
  readonly onLoaded?: (data: LoadedData) => void;
  readonly onChecked?: (check: BackboneCheck) => void;
  /** Shares a given time; all is done as wanted if absent. */
  readonly budget?: TimeBudget;
  /** Train even if the backbone is no better than chance. */
  readonly force?: boolean;
}

/** A project without profile or plans, and what it was made with. */
export interface Training {
  readonly project: TrainedProject;
  /** The caller closes it. */
  readonly data: LoadedData;
  readonly check: BackboneCheck;
}

/**
 * Load, check, train and calibrate.
 * @throws AppError of these stages; 'backbone-at-chance' if the backbone is at chance and training isn't forced
 */
export async function trainProject(
  backbone: Backbone,
  request: Omit<TrainRequest, "modelPath" | "importOptions">,
  stages: StageRunner,
): Promise<Training> {
  const { preprocess, heads: choices, dataPath: path, classes } = request;
  const filled = filledSplitOptions(request.splits);
  const wanted = filled.trainLimit ?? Number.POSITIVE_INFINITY;
  const whole = { ...filled, trainLimit: Math.min(wanted, featureRowLimit(backbone, choices)) };
  const loaded = await stages.run("load", ({ job }) =>
    loadData(backbone, { path, preprocess, splits: whole, classes }, job),
  );
  try {
    request.checkData?.(loaded);
    request.onLoaded?.(loaded);
    const { budget } = request;
    const check = await stages.run("check", (context) =>
      checkBackboneOnce(context, backbone, loaded, preprocess, budget?.checkSeconds),
    );
    if (!request.force) refuseChance(check);
    request.onChecked?.(check);
    const means: TrainingMeans = budget
      ? await stages.run("pace", ({ job }) => budget.settleTraining(loaded, whole, check, job))
      : {
          data: loaded,
          splits: whole,
          cuts: backbone.summary.cutPoints,
          heads: choices,
          training: request.training,
        };
    const { heads, backboneOnTrain } = await stages.run("train", (context) =>
      trainHeads(context, backbone, means.data, means.heads, means.training, means.cuts),
    );
    const { data, splits } = budget?.settleTables(means, stages.seconds.train) ?? means;
    const { calibration, backboneOnTest } = await stages.run("calibrate", async (context) => {
      const made = await calibrateHeads(context, backbone, heads, data, request.policies ?? []);
      const trust = trustOfTables(made.calibration.tables);
      for (const { text } of trust ? trustWarnings(trust) : []) context.job.warn?.(text);
      return made;
    });
    const { path, format, classNames } = data.source;
    const about = {
      path,
      format,
      classNames: [...classNames],
      splitOptions: splits,
      trainTrust: backboneOnTrain && trainTrust(backboneOnTrain, backboneOnTest),
    };
    const project = { ...newProject(backbone), preprocess, data: about, heads, ...calibration };
    return { project, data, check };
  } catch (error) {
    await loaded.source.close();
    throw error;
  }
}
