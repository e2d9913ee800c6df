import { join } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import { partOfJob } from "../../../shared/base/job.ts";
import type { OutputQuality } from "../../../shared/files/summary.ts";
import { tunedName } from "../../../shared/model/families.ts";
import type { TuneOptions } from "../../../shared/model/tune-options.ts";
import type { TunedEpoch } from "../../../shared/model/tuned-epoch.ts";
import { OpenFiles } from "../base/byte-range.ts";
import type { Head } from "../heads/head.ts";
import { withTuned } from "../project/other-networks.ts";
import type { TrainedProject } from "../project/project.ts";
import { compareResults } from "../tune/compare-results.ts";
import { readWeights } from "../tune/network-weights.ts";
import { readRecipe } from "../tune/recipe-file.ts";
import { runTraining } from "../tune/run-python.ts";
import { holdFolder } from "../tune/tune-folder.ts";
import { type TunedNetwork, writeTunedNetwork } from "../tune/tuned-graph.ts";
import { withWeights } from "../tune/tuned-models.ts";
import { referenceImages, tuneFiles, writeTuneFolder } from "../tune/write-folder.ts";
import { checkUnchanged } from "./add-member.ts";
import { dataOfMember, type LoadedData } from "./load-data.ts";
import { checkSameSamples } from "./member-stage.ts";
import type { StageContext, StageRunner } from "./stage-context.ts";
import { calibrateNetwork } from "./train-network.ts";
import { admitTuned } from "./tuning/admit-tuned.ts";
import { chooseExits, type ExitChoice } from "./tuning/choose-exits.ts";
import { partsOf, subjectOf, subjectOfFolder, type TunedParts } from "./tuning/tune-subject.ts";

/** Which network of a project learns, with which exits, and how. */
export interface TuneRequest {
  /** SHA-256 of the network; the backbone's if absent. */
  readonly network?: string;
  /** Places of exits; those that the front uses most if absent. */
  readonly exits?: readonly ExitChoice[];
  /** How many exits there are where their places aren't said. */
  readonly exitCount?: number;
  readonly options: TuneOptions;
  /** Where network.py, train.py and all that they need is written; kept, so that training can go on there. */
  readonly folder: string;
  /** The most images that are learnt from; all that heads may learn from if absent. */
  readonly trainLimit?: number;
  /** Disk that they may take; 8 GB if absent. */
  readonly imageBudgetBytes?: number;
}

/** The same where it is trained here. */
export interface TuneRun extends TuneRequest {
  /** Interpreter, or launcher with its arguments. */
  readonly command: readonly string[];
  /** Curves: accuracies per output, 0 is before training. */
  readonly onEpoch?: (epoch: TunedEpoch) => void;
  /** Told of what is trained, before it is. */
  readonly onWritten?: (folder: TuneFolder) => void;
}

/** What was written. */
export interface TuneFolder {
  readonly folder: string;
  /** SHA-256 of the network. */
  readonly network: string;
  readonly name: string;
  readonly exits: readonly Pick<Head, "cutPoint" | "kind">[];
  readonly images: number;
}

/** A project with the tuned network as its last member. */
export interface TunedProject {
  readonly project: TrainedProject;
  /** SHA-256 of the tuned network, and of the one that it was trained from. */
  readonly tuned: string;
  readonly from: string;
  /** How good that one's outputs were; a tuned one that is tuned again isn't in the project any more. */
  readonly before: readonly OutputQuality[];
}

const defaults = { imageBudgetBytes: 8e9, shardBytes: 1e9 };

/**
 * Writes a folder in which a network and its exits can be trained, here or elsewhere.
 * @param data the project's, as it was divided for its training; the caller closes it
 * @throws AppError 'usage' if there is no such network or exit, or the folder holds something else; 'model-unsupported' naming the
 *   node that PyTorch has no layer for; 'data-mismatch' if the data set has changed; 'output-unwritable', 'busy', 'cancelled'
 */
export async function writeTuning(
  project: TrainedProject,
  data: LoadedData,
  request: TuneRequest,
  stages: StageRunner,
): Promise<TuneFolder> {
  const parts = await requestedParts(project, data, request);
  return holdFolder(request.folder, () => writeParts(parts, request, stages));
}

/**
 * Takes back what was trained in a folder, here or elsewhere: its weights are checked, run in a process of their own and compared
 * with what train.py computed; then the network joins the project, calibrated on the same samples.
 * @throws AppError 'file-not-found' if nothing was trained there yet; 'file-invalid' if it was trained from something else, or is
 *   damaged; 'training-failed' if what was trained can't be used; 'cancelled'
 */
export async function takeTuning(
  project: TrainedProject,
  data: LoadedData,
  { folder }: Pick<TuneRequest, "folder">,
  stages: StageRunner,
): Promise<TunedProject> {
  checkUnchanged(project, data);
  const { made } = await readRecipe(folder);
  const { subject, heads } = subjectOfFolder(project, made, folder);
  const parts = await partsOf(project, subject, heads, data, "itself", made.trainLimit);
  return takeParts(project, data, parts, folder, stages);
}

/**
 * Writes the folder, or goes on in one that was begun; trains there; and takes back what was learnt.
 * @throws AppError as `writeTuning`, `runTraining` and `takeTuning` do
 */
export async function tuneProject(
  project: TrainedProject,
  data: LoadedData,
  request: TuneRun,
  stages: StageRunner,
): Promise<TunedProject> {
  const { folder, command, options, onEpoch = () => {}, onWritten = () => {} } = request;
  const parts = await requestedParts(project, data, request);
  const { name } = parts.network.backbone.summary;
  await holdFolder(folder, async () => {
    onWritten(await writeParts(parts, request, stages));
    const train = async ({ job }: StageContext) => {
      const end = await runTraining(folder, command, options.epochs, job, onEpoch);
      if (!end.protected) job.warn?.(unprotectedText);
    };
    await stages.run("tune", train, name);
  });
  return takeParts(project, data, parts, folder, stages);
}

const unprotectedText =
  "after no epoch the last output was as accurate as before; the epoch with the best last output was taken. A smaller learning " +
  "rate, more epochs or more distillation may keep it";

function requestedParts(
  project: TrainedProject,
  data: LoadedData,
  { network, exits, exitCount, options, trainLimit }: TuneRequest,
): Promise<TunedParts> {
  checkUnchanged(project, data);
  const subject = subjectOf(project, network);
  const heads = chooseExits(project, subject.model, subject.member, exits, exitCount);
  return partsOf(project, subject, heads, data, options.teacher, trainLimit);
}

async function writeParts(
  parts: TunedParts,
  { folder, options, imageBudgetBytes = defaults.imageBudgetBytes }: TuneRequest,
  stages: StageRunner,
): Promise<TuneFolder> {
  const { heads, backbone } = parts.network;
  const { name, sha256 } = backbone.summary;
  const store = { budgetBytes: imageBudgetBytes, shardBytes: defaults.shardBytes };
  const write = ({ job }: StageContext) => writeTuneFolder(folder, { ...parts, options, store }, job);
  const images = await stages.run("write", write, name);
  return {
    folder,
    network: sha256,
    name,
    exits: heads.map(({ cutPoint, kind }) => ({ cutPoint, kind })),
    images,
  };
}

async function takeParts(
  project: TrainedProject,
  data: LoadedData,
  parts: TunedParts,
  folder: string,
  stages: StageRunner,
): Promise<TunedProject> {
  const { network, preprocess, origin: tunedFrom } = parts;
  const { sha256: from, name } = network.backbone.summary;
  const wanted = tunedName(subjectOf(project, tunedFrom).model.backbone.summary.name);
  const { backbone, heads } = await stages.run(
    "take",
    (context) => takeResults(context, parts, wanted, folder),
    name,
  );
  if (backbone.summary.sha256 === tunedFrom)
    throw new AppError(
      "training-failed",
      `the weights in ${join(folder, tuneFiles.results)} are those that ${name} has already: nothing was learnt`,
    );
  const own = { backbone, preprocess, member: backbone.summary.name };
  const policies = [...project.tables.calibration.keys()];
  const onData = { ...own, data: await dataOfMember(data, own) };
  const { model } = await calibrateNetwork(onData, { heads }, policies, stages);
  checkSameSamples(model, project);
  const joined = withTuned(project, { ...model, preprocess, tunedFrom });
  const before = subjectOf(project, from).model.outputs;
  return { project: joined, tuned: backbone.summary.sha256, from, before };
}

async function takeResults(
  context: StageContext,
  parts: TunedParts,
  name: string,
  folder: string,
): Promise<TunedNetwork> {
  const { network, written } = parts;
  const files = new OpenFiles(folder);
  try {
    const results = await files.open(join(folder, tuneFiles.results)).catch((cause) => {
      throw untrained(cause, folder);
    });
    const models = withWeights(network, await readWeights(results, written.python.weights));
    const admitting = { ...context, job: partOfJob(context.job, 0, 0.6) };
    const tuned = await admitTuned(admitting, network.backbone, name, models);
    const images = await referenceImages(parts);
    const comparing = partOfJob(context.job, 0.6, 1);
    if (!(await compareResults(results, await writeTunedNetwork(tuned), images, comparing)))
      context.job.warn?.(
        `${tuneFiles.results} has none of train.py's logits, so ONNX Runtime's couldn't be compared with them`,
      );
    return tuned;
  } finally {
    await files.close();
  }
}

function untrained(cause: unknown, folder: string): unknown {
  if (!(cause instanceof AppError) || cause.code !== "file-not-found") return cause;
  return new AppError(
    "file-not-found",
    `${folder} has no ${tuneFiles.results}: nothing was trained there yet, or no epoch was better than what it began with`,
    { path: folder },
    { cause },
  );
}
