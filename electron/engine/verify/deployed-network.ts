import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import { exitsKey, type Plan, type PlanExit, planSchema } from "../../../shared/model/plan.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import { hashBytes } from "../base/hash.ts";
import { type Manifest, manifestFile, manifestSchema } from "../export/staged.ts";
import { decodeModel } from "../onnx/codec.ts";
import { planMetadataKey } from "../onnx/import/reading/read-model.ts";
import { type InferenceSession, openSession, type RuntimeTensor } from "../onnx/runtime.ts";

/** An exported network, opened from its files in stock ONNX Runtime. */
export interface DeployedNetwork {
  /** Runs one image, batch 1; `exit` counts from 0, the backbone's own output last. */
  run(image: RuntimeTensor): Promise<{ logits: RuntimeTensor; exit: number }>;
  release(): Promise<void>;
}

/**
 * Opens the single-file export (a file) or the staged one (its folder).
 * @param plan what the files were exported from
 * @throws AppError 'file-not-found', 'file-invalid' if it is no export of ours, of another plan, or was changed
 */
export async function openDeployed(
  path: string,
  plan: Plan,
  target: TargetOptions,
): Promise<DeployedNetwork> {
  const info = await stat(path).catch(() => undefined);
  if (!info)
    throw new AppError(
      "file-not-found",
      `${path}: no such file or folder; give an exported model.onnx or staged folder`,
    );
  return info.isDirectory() ? openStaged(path, plan, target) : openSingleFile(path, plan, target);
}

async function openSingleFile(path: string, plan: Plan, target: TargetOptions): Promise<DeployedNetwork> {
  const bytes = await readFile(path);
  checkSamePlan(path, planInside(path, bytes).exits, plan);
  const session = await openExported(path, bytes, target);
  return {
    run: async (image) => {
      const { logits, exit } = await session.run({ [session.inputNames[0]]: image });
      return { logits, exit: Number(exit.data[0]) };
    },
    release: () => session.release(),
  };
}

/** The plan in an export's metadata. */
function planInside(path: string, bytes: Uint8Array): Plan {
  try {
    const { metadataProps } = decodeModel(bytes, path);
    return planSchema.parse(JSON.parse(metadataProps.find(({ key }) => key === planMetadataKey)!.value));
  } catch (cause) {
    throw new AppError(
      "file-invalid",
      `${path} is no early-exit network that Offramp exported, or is cut short; export again`,
      {},
      { cause },
    );
  }
}

function checkSamePlan(path: string, exits: readonly PlanExit[], plan: Plan): void {
  if (exitsKey({ exits }) === exitsKey(plan)) return;
  throw new AppError("file-invalid", `${path} was exported from another plan`, { missing: "exportedPlan" });
}

async function openExported(
  path: string,
  bytes: Uint8Array,
  target: TargetOptions,
): Promise<InferenceSession> {
  return openSession(bytes, target).catch((cause) => {
    throw new AppError(
      "file-invalid",
      `${path} can't be loaded by ONNX Runtime; export again`,
      {},
      { cause },
    );
  });
}

async function openStaged(folder: string, plan: Plan, target: TargetOptions): Promise<DeployedNetwork> {
  const { stages } = await readManifest(folder);
  checkSamePlan(folder, stages.filter(({ threshold }) => threshold !== null) as PlanExit[], plan);
  const sessions: InferenceSession[] = [];
  const release = async () => {
    for (const session of sessions) await session.release();
  };
  try {
    for (const stage of stages) sessions.push(await openStage(folder, stage, target));
  } catch (cause) {
    await release();
    throw cause;
  }
  return {
    run: async (image) => {
      let value = image;
      let exit = 0;
      for (const [k, { input, logits, confidence, threshold, next }] of stages.entries()) {
        const results = await sessions[k].run({ [input.name]: value });
        if (logits !== null && confidence !== null) {
          const isSure =
            threshold === null || !(Number(results[confidence].data[0]) < Math.fround(threshold));
          if (isSure) return { logits: results[logits], exit };
          exit++;
        }
        if (next !== null) value = results[next];
      }
      throw new AppError(
        "file-invalid",
        `${folder}: no sample leaves at the manifest's last stage; export again`,
      );
    },
    release,
  };
}

async function openStage(
  folder: string,
  { file, sha256 }: Manifest["stages"][number],
  target: TargetOptions,
): Promise<InferenceSession> {
  const path = join(folder, file);
  const bytes = await readFile(path).catch((cause) => {
    throw new AppError("file-invalid", `${path} is missing; export again`, {}, { cause });
  });
  if (hashBytes(bytes) !== sha256)
    throw new AppError("file-invalid", `${path} is not what the manifest describes; export again`);
  return openExported(path, bytes, target);
}

async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, manifestFile);
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    throw new AppError(
      "file-invalid",
      `${path} is missing or no manifest of a staged network; export again`,
      {},
      { cause },
    );
  }
}
