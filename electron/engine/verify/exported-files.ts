import { join } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import { readRegularFile } from "../../disk/regular-file.ts";
import { hashBytes } from "../base/hash.ts";
import { type Manifest, manifestFile, manifestSchema } from "../export/staged.ts";
import { maximumModelBytes } from "../onnx/import/reading/model-file.ts";

export type StageEntry = Manifest["stages"][number];

/** A stage takes some hundred bytes, and in a plan with an ensemble a number a class. */
export const maxManifestBytes = 16 * 2 ** 20;

/**
 * @param plan that the network was staged from
 * @param given images that there are to start from; those that it describes if absent
 * @throws AppError 'file-invalid' if it is no manifest, or its stages lead to no answer
 */
export async function readManifest(folder: string, plan: Plan, given?: number): Promise<Manifest> {
  const path = join(folder, manifestFile);
  const manifest = await parseManifest(folder, path);
  const images = given ?? manifest.images?.length ?? 1;
  // A stage an exit, one where a server takes over, one to the last network's end.
  const isCount = manifest.stages.length >= 1 && manifest.stages.length <= plan.exits.length + 2;
  const hasImages = manifest.stages.every(({ image = 0 }) => image < images);
  if (isCount && hasImages && manifest.stages.every(leadsOn)) return manifest;
  throw new AppError("file-invalid", `${path} has stages that lead to no answer; export again`);
}

async function parseManifest(folder: string, path: string): Promise<Manifest> {
  try {
    const bytes = await readRegularFile(path, { within: folder, maxBytes: maxManifestBytes });
    return manifestSchema.parse(JSON.parse(bytes.toString("utf8")));
  } catch (cause) {
    throw new AppError(
      "file-invalid",
      `${path} is missing or no manifest of a staged network; export again`,
      {},
      { cause },
    );
  }
}

/**
 * Every stage but the last hands on what no sample leaves with, or the next starts from an image, and what exits said to one that
 * asks for it; at the last all leave.
 */
function leadsOn(stage: StageEntry, k: number, stages: readonly StageEntry[]): boolean {
  const { logits, confidence, threshold, next, carries } = stage;
  const isGiven = (carries?.input ?? null) === (stages[k - 1]?.carries?.output ?? null);
  if (!isGiven) return false;
  const answers = [logits, confidence].filter((name) => name !== null).length;
  if (k === stages.length - 1) return next === null && threshold === null && answers === 2;
  const goesOn = next !== null || stages[k + 1].image !== undefined;
  return goesOn && answers === (threshold === null ? 0 : 2);
}

/** @throws AppError 'file-invalid' if it isn't there, or isn't what the manifest describes */
export async function readStage(folder: string, { file, sha256 }: StageEntry): Promise<Uint8Array> {
  if (!/^[^/\\:\0]+$/.test(file) || file === "." || file === "..")
    throw new AppError(
      "file-invalid",
      `${join(folder, manifestFile)} names ${JSON.stringify(file)}, expected a file's name; export again`,
    );
  const path = join(folder, file);
  const bytes = await readExported(path, folder);
  if (hashBytes(bytes) === sha256) return bytes;
  throw new AppError("file-invalid", `${path} is not what the manifest describes; export again`);
}

/**
 * Reads an exported model's file.
 * @param within the folder that it must lie in, where a manifest names it
 * @throws AppError 'file-invalid' if it isn't there, or is none that can be read
 */
export async function readExported(path: string, within?: string): Promise<Uint8Array> {
  const limits = { within, maxBytes: maximumModelBytes };
  const { buffer, byteOffset, byteLength } = await readRegularFile(path, limits).catch((cause: AppError) => {
    const what = cause.code === "file-not-found" ? `${path} is missing` : cause.message;
    throw new AppError("file-invalid", `${what}; export again`, {}, { cause });
  });
  // What is cut from a Buffer would be Buffers, whose `slice` doesn't copy.
  return new Uint8Array(buffer, byteOffset, byteLength);
}
