import type { Preprocess } from "../../../shared/domain/preprocess.ts";
import type { SplitOptions, TrainOptions } from "../../../shared/domain/stage-options.ts";
import { filledSplitOptions } from "../dataset/splits.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { type ImportOptions, importModel } from "../onnx/import-model.ts";
import { newProject, type TrainedProject } from "../project/project.ts";
import { calibrateHeads } from "./calibrate-stage.ts";
import { type LoadedData, loadData } from "./load-data.ts";
import type { StageRunner } from "./stage-context.ts";
import { featureRowLimit, type HeadChoice, trainHeads } from "./train-stage.ts";

/** All that trained and calibrated heads depend on. */
export interface TrainRequest {
  readonly modelPath: string;
  readonly importOptions: ImportOptions;
  readonly dataPath: string;
  readonly preprocess: Preprocess;
  readonly splits: SplitOptions;
  readonly heads: readonly HeadChoice[];
  readonly training: TrainOptions;
  /** Policies of thresholds per class that are wanted beside the others, by id. */
  readonly policies?: readonly string[];
  /** Looks at the data set before anything long starts. */
  readonly checkData?: (data: LoadedData) => void;
}

/** The first stage of a training. */
export function importBackbone(
  { modelPath, importOptions }: Pick<TrainRequest, "modelPath" | "importOptions">,
  stages: StageRunner,
): Promise<Backbone> {
  return stages.run("import", ({ job }) => importModel(modelPath, importOptions, job));
}

/**
 * Load, train and calibrate: a project without profile or plans.
 * @returns the project, and the data set, which the caller closes
 * @throws AppError of these stages
 */
export async function trainProject(
  backbone: Backbone,
  request: Omit<TrainRequest, "modelPath" | "importOptions">,
  stages: StageRunner,
): Promise<{ project: TrainedProject; data: LoadedData }> {
  const { preprocess, heads: choices } = request;
  const filled = filledSplitOptions(request.splits);
  const wanted = filled.trainLimit ?? Number.POSITIVE_INFINITY;
  const splits = { ...filled, trainLimit: Math.min(wanted, featureRowLimit(backbone, choices)) };
  const data = await stages.run("load", ({ job }) =>
    loadData(request.dataPath, backbone.summary, preprocess, splits, job),
  );
  try {
    request.checkData?.(data);
    const heads = await stages.run("train", (context) =>
      trainHeads(context, backbone, data, choices, request.training),
    );
    const calibration = await stages.run("calibrate", (context) =>
      calibrateHeads(context, backbone, heads, data, request.policies ?? []),
    );
    const { path, format, classNames } = data.source;
    const about = { path, format, classNames: [...classNames], splitOptions: splits };
    const project = { ...newProject(backbone), preprocess, data: about, heads, ...calibration };
    return { project, data };
  } catch (error) {
    await data.source.close();
    throw error;
  }
}
