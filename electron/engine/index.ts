/** The engine's one public module: what the command line and the desktop app's engine process call. */

export type { Preprocess } from "../../shared/domain/preprocess.ts";
export { assetPath } from "./assets.ts";
export { defaultCacheFolder, StageCache } from "./cache.ts";
export { encodeTable, openTable } from "./calibrate/table-file.ts";
export { loadPreprocess } from "./dataset/preprocess.ts";
export { eventLoopTurns } from "./event-loop.ts";
export { exportFormatById, exportFormats } from "./export/index.ts";
export { untrainedHeads } from "./heads/head.ts";
export { headKindById, headKinds } from "./heads/index.ts";
export { importModel } from "./onnx/import-model.ts";
export { calibrateHeads } from "./pipeline/calibrate-stage.ts";
export { checkReplaceable, exportPlan } from "./pipeline/export-stage.ts";
export { loadData } from "./pipeline/load-data.ts";
export { profileHeads } from "./pipeline/profile-stage.ts";
export { type RunRequest, recommendedPlan, runPipeline } from "./pipeline/run-pipeline.ts";
export { type SearchInputs, searchFront, searchInputs } from "./pipeline/search-stage.ts";
export { createStageRunner } from "./pipeline/stage-context.ts";
export { tableSearchInputs } from "./pipeline/table-search-inputs.ts";
export { importBackbone, trainProject } from "./pipeline/train-project.ts";
export type { HeadChoice } from "./pipeline/train-stage.ts";
export { type Prediction, predictFigures, verifyExport } from "./pipeline/verify-stage.ts";
export { exitPolicies, exitPolicyById } from "./policies/index.ts";
export { type Project, trainedProject } from "./project/project.ts";
export { openProject, saveProject } from "./project/project-archive.ts";
export { prepareFashionMnist } from "./samples/fashion-mnist.ts";
export type { Verification } from "./verify/verify-model.ts";
export { writableFile, writeFileAtomically, writeJson, writeOutputs } from "./write-outputs.ts";
