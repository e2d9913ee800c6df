import { stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { BackboneSummary } from "../../../shared/model/backbone.ts";
import { atPoint } from "../../../shared/model/operating-points.ts";
import {
  isSamePlan,
  type PartitionedPlan,
  type Plan,
  type PlanExit,
  planSchema,
} from "../../../shared/model/plan.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import { outputNames } from "../export/decision.ts";
import type { GivenForm } from "../export/design.ts";
import {
  type OperatingPoint,
  operatingPointSchema,
  pointsKey,
  thresholdName,
} from "../export/operating-points.ts";
import { givenKey } from "../export/single-file.ts";
import type { Manifest } from "../export/staged.ts";
import { imageDims } from "../onnx/backbone.ts";
import { decodeModel, encodeModel } from "../onnx/codec.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import type { AdmittedModel } from "../onnx/import/admit-model.ts";
import { planMetadataKey } from "../onnx/import/reading/read-model.ts";
import type { ObservedTensor } from "../onnx/probe/model-probe.ts";
import { type InferenceSession, openSession, type RuntimeTensor } from "../onnx/runtime.ts";
import { floatTensor } from "../onnx/tensors.ts";
import { admitExport, outputOf } from "./admit-export.ts";
import { readExported, readManifest, readStage, type StageEntry } from "./exported-files.ts";
import { type SampleImage, tensorOf } from "./sample-images.ts";

/** An exported network, opened from its files in stock ONNX Runtime. */
export interface DeployedNetwork {
  /**
   * Runs one image, batch 1, in the form of each of the plan's images; `exit` counts from 0, the end of the last network
   * last. An image that isn't ready is made where it is read: one file takes all before it starts, a stage when a sample gets there.
   */
  run(...images: readonly SampleImage[]): Promise<{ logits: RuntimeTensor; exit: number }>;
  release(): Promise<void>;
  /** What the images are; tensors if absent. */
  readonly given?: GivenForm;
  /**
   * Places among the images of those whose pictures are given too, behind all images and in this order: the bytes that they were made of,
   * see `pictureBytes`. None if absent.
   */
  readonly pictures?: readonly number[];
}

/** How a sample leaves: as the network's files answer it. */
export type Answer = Awaited<ReturnType<DeployedNetwork["run"]>>;

/** What the files were exported from. */
export interface DeployedDesign {
  readonly plan: Plan;
  readonly backbone: BackboneSummary;
  /** The plan's images, see `Design`; the backbone's alone if absent. */
  readonly images?: readonly GivenImage[];
  /** The same of a file that is given bytes. @throws AppError if there is none of this design */
  readonly byteImages?: () => readonly GivenImage[];
}

type GivenImage = Pick<BackboneSummary, "input">;

/**
 * Opens the single-file export (a file) or the staged one (its folder), which somebody may have changed: every model has
 * its first run in a process of its own.
 * @throws AppError 'file-not-found', 'file-invalid' if it is no export of ours, of another plan, or was changed;
 *   'cancelled'
 */
export async function openDeployed(
  path: string,
  design: DeployedDesign,
  target: TargetOptions,
  job: Job,
): Promise<DeployedNetwork> {
  const info = await stat(path).catch(() => undefined);
  if (!info)
    throw new AppError(
      "file-not-found",
      `${path}: no such file or folder; give an exported model.onnx or staged folder`,
      { path },
    );
  return info.isDirectory()
    ? openStaged(path, design, target, job)
    : openSingleFile(path, design, target, job);
}

async function openSingleFile(
  path: string,
  design: DeployedDesign,
  target: TargetOptions,
  job: Job,
): Promise<DeployedNetwork> {
  const { plan, backbone } = design;
  const proto = decodeExport(path, await readExported(path));
  setThresholds(proto, thresholdsOf(path, planInside(path, proto), pointsInside(path, proto), plan));
  const answers = { ...outputNames, output: backbone.output };
  const given = isGivenBytes(proto) && design.byteImages ? "bytes" : "tensors";
  const images = given === "bytes" ? design.byteImages!() : imagesOf(design);
  const admitted = await admitExport(proto, path, images.map(atBatchOne), answers, job);
  outputOf(path, proto, admitted.seen.tensors, outputNames.exit);
  const session = await openAdmitted(path, admitted, target);
  return {
    run: async (...images) => {
      const feeds: Record<string, RuntimeTensor> = {};
      for (const [index, name] of admitted.inputs.entries()) feeds[name] = await tensorOf(images[index]);
      const { logits, exit } = await session.run(feeds);
      return { logits, exit: Number(exit.data[0]) };
    },
    release: () => session.release(),
    given,
  };
}

function isGivenBytes({ metadataProps }: GraphModel): boolean {
  return metadataProps.some(({ key, value }) => key === givenKey && value === "bytes");
}

function decodeExport(path: string, bytes: Uint8Array): GraphModel {
  try {
    return decodeModel(bytes, path);
  } catch (cause) {
    throw noExport(path, cause);
  }
}

/** The plan in an export's metadata. */
function planInside(path: string, { metadataProps }: GraphModel): Plan {
  try {
    return planSchema.parse(JSON.parse(metadataProps.find(({ key }) => key === planMetadataKey)!.value));
  } catch (cause) {
    throw noExport(path, cause);
  }
}

function noExport(path: string, cause: unknown): AppError {
  return new AppError(
    "file-invalid",
    `${path} is no early-exit network that Offramp exported, or is cut short; export again`,
    {},
    { cause },
  );
}

/** The operating points in an export's metadata. */
function pointsInside(path: string, { metadataProps }: GraphModel): OperatingPoint[] {
  const stated = metadataProps.find(({ key }) => key === pointsKey);
  try {
    return stated ? z.array(operatingPointSchema).parse(JSON.parse(stated.value)) : [];
  } catch (cause) {
    throw noExport(path, cause);
  }
}

/**
 * The thresholds of a plan that an export was made of, or has as an operating point. Where it is partitioned is nothing to the networks.
 * @throws AppError 'file-invalid' if it is none of them
 */
function thresholdsOf(
  path: string,
  { exits, chain }: PartitionedPlan,
  points: readonly OperatingPoint[],
  plan: Plan,
): number[] {
  const own = exits.map(({ threshold }) => threshold);
  const wanted = { exits: plan.exits, chain: plan.chain };
  const all = [own, ...points.map(({ thresholds }) => thresholds)];
  const found = all.find((thresholds) => isSamePlan(atPoint({ exits, chain }, thresholds), wanted));
  if (found) return found;
  throw new AppError("file-invalid", `${path} was exported from another plan`, { missing: "exportedPlan" });
}

/** What stands for optional inputs: the runtime here hands on required ones alone. */
function setThresholds({ graph }: GraphModel, thresholds: readonly number[]): void {
  for (const [exit, threshold] of thresholds.entries()) {
    const name = thresholdName(exit);
    const at = graph.initializer.findIndex((tensor) => tensor.name === name);
    const isInput = graph.input.some((input) => input.name === name);
    if (at >= 0 && isInput) graph.initializer[at] = floatTensor(name, [threshold], []);
  }
}

export function imagesOf({ backbone, images = [backbone] }: DeployedDesign): readonly GivenImage[] {
  return images;
}

export function atBatchOne(image: GivenImage): ObservedTensor {
  return { type: image.input.type, dims: imageDims(image, 1) };
}

async function openAdmitted(
  path: string,
  { proto }: AdmittedModel,
  target: TargetOptions,
): Promise<InferenceSession> {
  return openSession(encodeModel(proto), target).catch((cause) => {
    throw new AppError(
      "file-invalid",
      `${path} can't be loaded by ONNX Runtime; export again`,
      {},
      { cause },
    );
  });
}

async function openStaged(
  folder: string,
  design: DeployedDesign,
  target: TargetOptions,
  job: Job,
): Promise<DeployedNetwork> {
  const images = imagesOf(design).map(atBatchOne);
  const manifest = await readManifest(folder, design.plan, images.length);
  const stages = await openStages(folder, manifest, { design, images }, target, job);
  return {
    run: async (...given) => answerOf(folder, await stages.run((image) => tensorOf(given[image]))),
    release: stages.release,
  };
}

/** @throws AppError 'file-invalid' if a sample didn't leave */
export function answerOf(folder: string, went: Awaited<ReturnType<OpenStages["run"]>>): Answer {
  if ("logits" in went) return went;
  throw new AppError(
    "file-invalid",
    `${folder}: no sample leaves at the manifest's last stage; export again`,
  );
}

/** A stage's model, ready for a session. */
interface AdmittedStage extends StageEntry {
  readonly path: string;
  readonly model: AdmittedModel;
}

/** Which of two targets runs a half of a partitioned plan. */
export type Side = NonNullable<StageEntry["target"]>;

/** Stages of a manifest that follow each other, opened. */
export interface OpenStages {
  /**
   * Runs one sample until it leaves.
   * @param imageOf makes one of the plan's images, when a stage starts from it
   * @param handedOn what the first stage starts from where that is no image
   * @returns how it leaves, exits counted from the first of these stages; or what the last one that ran hands on, undefined where none
   *   made anything
   */
  run(
    imageOf: (image: number) => RuntimeTensor | Promise<RuntimeTensor>,
    handedOn?: RuntimeTensor,
  ): Promise<Answer | { readonly handedOn: RuntimeTensor | undefined }>;
  release(): Promise<void>;
}

/**
 * Opens a manifest's stages.
 * @param images what the plan's images are
 * @param side of which target's stages alone are opened, the others needn't be there; all if absent
 * @throws AppError as `openDeployed` does
 */
export async function openStages(
  folder: string,
  manifest: Manifest,
  { design, images, side }: StagesAsked,
  target: TargetOptions,
  job: Job,
): Promise<OpenStages> {
  const stages = await admitStages(folder, manifest, { design, images, side }, job);
  const { sessions, release } = await openSessions(stages, target);
  return { run: (imageOf, handedOn) => goThrough(stages, sessions, imageOf, handedOn), release };
}

interface StagesAsked {
  readonly design: Pick<DeployedDesign, "plan" | "backbone">;
  readonly images: readonly ObservedTensor[];
  readonly side?: Side;
}

async function openSessions(stages: readonly AdmittedStage[], target: TargetOptions) {
  const sessions: InferenceSession[] = [];
  const release = async () => {
    for (const session of sessions) await session.release();
  };
  try {
    for (const { path, model } of stages) sessions.push(await openAdmitted(path, model, target));
  } catch (cause) {
    await release();
    throw cause;
  }
  return { sessions, release };
}

/** Reads the stages, and runs each once on its image, or on what the one before was seen to hand on. */
async function admitStages(
  folder: string,
  { stages: stated, chain, points = [] }: Manifest,
  { design: { plan, backbone }, images, side }: StagesAsked,
  job: Job,
): Promise<AdmittedStage[]> {
  const exits = stated.filter(({ threshold }) => threshold !== null) as PlanExit[];
  const thresholds = thresholdsOf(folder, { exits, chain }, points, plan);
  let exit = 0;
  const all = stated.map((stage) =>
    stage.threshold === null ? stage : { ...stage, threshold: thresholds[exit++] },
  );
  const stages = side ? all.filter((stage) => stage.target === side) : all;
  const admitted: AdmittedStage[] = [];
  let handedOn = side === "server" ? statedTensor(stages[0].input) : images[0];
  let carried: ObservedTensor[] = [];
  for (const stage of stages) {
    const { file, logits, confidence, next, carries } = stage;
    const path = join(folder, file);
    const proto = decodeExport(path, await readStage(folder, stage));
    const answers =
      logits !== null && confidence !== null ? { logits, confidence, output: backbone.output } : undefined;
    const input = stage.image === undefined ? handedOn : images[stage.image];
    const model = await admitExport(proto, path, [input, ...carried], answers, job);
    if (next !== null) handedOn = outputOf(path, proto, model.seen.tensors, next);
    carried = carries?.output ? [outputOf(path, proto, model.seen.tensors, carries.output)] : [];
    admitted.push({ ...stage, path, model });
  }
  return admitted;
}

/** A tensor of one sample, as a manifest describes it. */
export function statedTensor({ type, shape }: StageEntry["input"]): ObservedTensor {
  return { type: type as ObservedTensor["type"], dims: shape.map((side) => side ?? 1) };
}

async function goThrough(
  stages: readonly AdmittedStage[],
  sessions: readonly InferenceSession[],
  ...[imageOf, handedOn]: Parameters<OpenStages["run"]>
): ReturnType<OpenStages["run"]> {
  let value = handedOn;
  let carried: RuntimeTensor[] = [];
  let exit = 0;
  for (const [k, stage] of stages.entries()) {
    const { model, logits, confidence, threshold, next, carries } = stage;
    if (stage.image !== undefined) value = await imageOf(stage.image);
    value ??= await imageOf(0);
    const given = [value, ...carried];
    const results = await sessions[k].run(
      Object.fromEntries(model.inputs.map((name, at) => [name, given[at]])),
    );
    if (logits !== null && confidence !== null) {
      const isSure = threshold === null || !(Number(results[confidence].data[0]) < Math.fround(threshold));
      if (isSure) return { logits: results[logits], exit };
      exit++;
    }
    if (next !== null) value = results[next];
    carried = carries?.output ? [results[carries.output]] : [];
  }
  return { handedOn: value };
}
