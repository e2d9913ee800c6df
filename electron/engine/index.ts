/** The engine's one public module: what the command line and the desktop app's engine process call. */

export type { Preprocess } from "../../shared/model/preprocess.ts";
export { assetPath } from "./base/assets.ts";
export { defaultCacheFolder, StageCache } from "./base/cache.ts";
export { eventLoopTurns } from "./base/event-loop.ts";
export { jsonText, writableFile, writeJson, writeOutputs } from "./base/write-outputs.ts";
export { encodeTable, openTable } from "./calibrate/table-file.ts";
export { trustOfTables } from "./calibrate/trust-of-tables.ts";
export { checkBackbone } from "./check/check-backbone.ts";
export { type ClassChoice, readClassChoice } from "./dataset/classes/order-classes.ts";
export { corruptions } from "./dataset/corruptions/index.ts";
export { type DataRequest, type OpenData, openData } from "./dataset/open/open-data.ts";
export { loadPreprocess } from "./dataset/splits/preprocess.ts";
export { exportFormatById, exportFormats } from "./export/index.ts";
export type { Fleet, ServerSettings, WorkerIdentity } from "./fleet/index.ts";
export { profileKind } from "./fleet/kinds/profile-kind.ts";
export { modelRuns, verifyKind } from "./fleet/kinds/verify-kind.ts";
export { untrainedHeads } from "./heads/head.ts";
export type { HeadWish } from "./heads/head-choices.ts";
export { headsBeforeTraining } from "./heads/heads-before-training.ts";
export { headKindById, headKinds } from "./heads/index.ts";
export { doneHere } from "./jobs/here.ts";
export type { JobRunner } from "./jobs/job-kind.ts";
export type { Backbone } from "./onnx/backbone.ts";
export { importModel } from "./onnx/import/import-model.ts";
export type { ExitPolicy } from "./policies/exit-policy.ts";
export { exitPolicies, exitPolicyById } from "./policies/index.ts";
export { loadProjectData, openProjectData, withProjectData } from "./process/project-data.ts";
export { checkMemberTarget } from "./profile/check-profile.ts";
export { energySensorText } from "./profile/energy/open-meter.ts";
export { readProfile } from "./profile/read-profile.ts";
export { checkTarget, providersHere } from "./profile/target.ts";
export { checkReferenceTarget } from "./profile/time-references.ts";
export { addProjectPolicies } from "./project/add-policies.ts";
export { compareWith } from "./project/compare-with.ts";
export { openProject } from "./project/open-project.ts";
export {
  type Member,
  maxMembers,
  networkNames,
  newProject,
  type Project,
  type TrainedProject,
  trainedProject,
} from "./project/project.ts";
export { encodeProject, saveProject } from "./project/project-archive.ts";
export { planOf, projectForPlan } from "./project/project-plan.ts";
export { readFieldCounts } from "./project/read-field-counts.ts";
export type { ReportData } from "./report/report-data.ts";
export { prepareFashionMnist } from "./samples/fashion-mnist.ts";
export { chosenPlan } from "./search/cross-fit-of-plan.ts";
export { readClassWeights, readSampleWeights, weightsByIndex } from "./search/read-weights.ts";
export { choiceInputs, type SearchInputs, searchInputs } from "./search/search-inputs.ts";
export { tableSearchInputs } from "./search/table-search-inputs.ts";
export { type AddedMember, addMember } from "./stages/add-member.ts";
export { calibrateNetworks } from "./stages/calibrate-stage.ts";
export { compareFleet, type FleetProfile } from "./stages/compare-fleet.ts";
export { frontBeside, rivalsOnCalibration } from "./stages/compare-references.ts";
export { type EnsembledPlan, ensemblePlan, withEnsembleTables } from "./stages/ensemble-plan.ts";
export {
  checkReplaceable,
  exportPlan,
  hasOwnReport,
  type NamedPlan,
  outdatedTargets,
  reportFile,
} from "./stages/export-stage.ts";
export { importBackbone } from "./stages/import-stage.ts";
export { type LoadedData, loadData, testImagesOf } from "./stages/load-data.ts";
export { importMembers, type MemberModel, type MemberRequest } from "./stages/member-stage.ts";
export { countedPlan, monitorProject, projectOfCounts } from "./stages/monitor-stage.ts";
export { flowOfPlan, offloadTo } from "./stages/offload-stage.ts";
export { planImportance } from "./stages/plan-importance.ts";
export { type PartitionPrediction, predictPartition } from "./stages/predict-partition.ts";
export { profileNetworks } from "./stages/profile-networks.ts";
export {
  measureQuantised,
  type QuantisedFigures,
  quantiseBackbone,
  quantisedRivals,
} from "./stages/quantise-stage.ts";
export { importReferences, measureReferences, profileReferences } from "./stages/reference-stage.ts";
export { measureRobustness } from "./stages/robustness/measure-robustness.ts";
export type { RunRequest } from "./stages/run/run-request.ts";
export { runPipeline } from "./stages/run-pipeline.ts";
export { projectSearch, searchProject } from "./stages/search-project.ts";
export { searchFront } from "./stages/search-stage.ts";
export { createStageRunner, type StageRunner } from "./stages/stage-context.ts";
export { trainProject } from "./stages/train-project.ts";
export {
  type TunedProject,
  type TuneFolder,
  type TuneRequest,
  type TuneRun,
  takeTuning,
  tuneProject,
  writeTuning,
} from "./stages/tune-stage.ts";
export { defaultExitCount, type ExitChoice, exitsOfPlan } from "./stages/tuning/choose-exits.ts";
export {
  claimsOf,
  expectedOf,
  type Prediction,
  predictFigures,
  verificationOfRuns,
  verifyExport,
} from "./stages/verify-stage.ts";
export { writeOffered } from "./stages/write-offered.ts";
export { askPython } from "./tune/find-python.ts";
export type { Verification } from "./verify/verify-model.ts";

/** A fleet's server and workers: what they need is loaded only where one is asked for. */
export const loadFleet = () => import("./fleet/index.ts");
