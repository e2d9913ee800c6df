/** The engine's one public module: what the command line and the desktop app's engine process call. */
export { assetPath, packageRoot } from "./assets.ts";
export { defaultCacheFolder, StageCache } from "./cache.ts";
export { loadPreprocess, type Preprocess, parsePreprocess, preprocessPresets } from "./dataset/preprocess.ts";
export type { SplitOptions } from "./dataset/splits.ts";
export { exportFormats } from "./export/index.ts";
export { headKindById, headKinds } from "./heads/index.ts";
export { importModel } from "./onnx/import-model.ts";
export { type RunRequest, runPipeline } from "./pipeline/run-pipeline.ts";
export type { SearchOptions } from "./pipeline/search-stage.ts";
export { type StageName, stageNames } from "./pipeline/stage-context.ts";
export type { HeadChoice } from "./pipeline/train-stage.ts";
export { exitPolicies, exitPolicyById } from "./policies/index.ts";
export type { TargetOptions } from "./profile/target.ts";
export { prepareFashionMnist } from "./samples/fashion-mnist.ts";
export type { TrainOptions } from "./train/train-head.ts";
