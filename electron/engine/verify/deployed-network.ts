import { stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { BackboneSummary } from "../../../shared/model/backbone.ts";
import { exitsKey, type Plan, type PlanExit, planSchema } from "../../../shared/model/plan.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import { outputNames } from "../export/early-exit-model.ts";
import { imageDims } from "../onnx/backbone.ts";
import { decodeModel, encodeModel } from "../onnx/codec.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import type { AdmittedModel } from "../onnx/import/admit-model.ts";
import { planMetadataKey } from "../onnx/import/reading/read-model.ts";
import type { ObservedTensor } from "../onnx/probe/model-probe.ts";
import { type InferenceSession, openSession, type RuntimeTensor } from "../onnx/runtime.ts";
import { admitExport, outputOf } from "./admit-export.ts";
import { readExported, readManifest, readStage, type StageEntry } from "./exported-files.ts";

/** An exported network, opened from its files in stock ONNX Runtime. */
export interface DeployedNetwork {
  /** Runs one image, batch 1; `exit` counts from 0, the backbone's own output last. */
  run(image: RuntimeTensor): Promise<{ logits: RuntimeTensor; exit: number }>;
  release(): Promise<void>;
}

/** What the files were exported from. */
export interface DeployedDesign {
  readonly plan: Plan;
  readonly backbone: BackboneSummary;
}

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
    );
  return info.isDirectory()
    ? openStaged(path, design, target, job)
    : openSingleFile(path, design, target, job);
}

async function openSingleFile(
  path: string,
  { plan, backbone }: DeployedDesign,
  target: TargetOptions,
  job: Job,
): Promise<DeployedNetwork> {
  const proto = decodeExport(path, await readExported(path));
  checkSamePlan(path, planInside(path, proto).exits, plan);
  const answers = { ...outputNames, output: backbone.output };
  const admitted = await admitExport(proto, path, imageOf(backbone), answers, job);
  outputOf(path, proto, admitted.seen.tensors, outputNames.exit);
  const session = await openAdmitted(path, admitted, target);
  return {
    run: async (image) => {
      const { logits, exit } = await session.run({ [admitted.input]: image });
      return { logits, exit: Number(exit.data[0]) };
    },
    release: () => session.release(),
  };
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

function checkSamePlan(path: string, exits: readonly PlanExit[], plan: Plan): void {
  if (exitsKey({ exits }) === exitsKey(plan)) return;
  throw new AppError("file-invalid", `${path} was exported from another plan`, { missing: "exportedPlan" });
}

/** What the network is given, at batch 1. */
function imageOf(backbone: BackboneSummary): ObservedTensor {
  return { type: backbone.input.type, dims: imageDims(backbone, 1) };
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

/** A stage's model, ready for a session. */
interface AdmittedStage extends StageEntry {
  readonly path: string;
  readonly model: AdmittedModel;
}

async function openStaged(
  folder: string,
  design: DeployedDesign,
  target: TargetOptions,
  job: Job,
): Promise<DeployedNetwork> {
  const stages = await admitStages(folder, design, job);
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
  return { run: (image) => runStages(folder, stages, sessions, image), release };
}

/** Reads the stages, and runs each once on what the one before was seen to hand on. */
async function admitStages(
  folder: string,
  { plan, backbone }: DeployedDesign,
  job: Job,
): Promise<AdmittedStage[]> {
  const { stages } = await readManifest(folder, plan);
  checkSamePlan(folder, stages.filter(({ threshold }) => threshold !== null) as PlanExit[], plan);
  const admitted: AdmittedStage[] = [];
  let input = imageOf(backbone);
  for (const stage of stages) {
    const { file, logits, confidence, next } = stage;
    const path = join(folder, file);
    const proto = decodeExport(path, await readStage(folder, stage));
    const answers =
      logits !== null && confidence !== null ? { logits, confidence, output: backbone.output } : undefined;
    const model = await admitExport(proto, path, input, answers, job);
    if (next !== null) input = outputOf(path, proto, model.seen.tensors, next);
    admitted.push({ ...stage, path, model });
  }
  return admitted;
}

async function runStages(
  folder: string,
  stages: readonly AdmittedStage[],
  sessions: readonly InferenceSession[],
  image: RuntimeTensor,
): Promise<{ logits: RuntimeTensor; exit: number }> {
  let value = image;
  let exit = 0;
  for (const [k, { model, logits, confidence, threshold, next }] of stages.entries()) {
    const results = await sessions[k].run({ [model.input]: value });
    if (logits !== null && confidence !== null) {
      const isSure = threshold === null || !(Number(results[confidence].data[0]) < Math.fround(threshold));
      if (isSure) return { logits: results[logits], exit };
      exit++;
    }
    if (next !== null) value = results[next];
  }
  throw new AppError(
    "file-invalid",
    `${folder}: no sample leaves at the manifest's last stage; export again`,
  );
}
