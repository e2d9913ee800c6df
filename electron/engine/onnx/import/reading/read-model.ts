import { createHash } from "node:crypto";
import { AppError } from "../../../../../shared/base/errors.ts";
import { type Job, silentJob } from "../../../../../shared/base/job.ts";
import { decodeModel } from "../../codec.ts";
import type { GraphModel } from "../../graph-model.ts";
import { checkModel } from "./check-model.ts";
import { resolveExternalData } from "./external-data.ts";
import { readModelFile } from "./model-file.ts";

/** Key of `metadata_props` under which our exports keep their plan. */
export const planMetadataKey = "offramp.plan";

export interface CheckedModel {
  /** The file's name without `.onnx`. */
  readonly name: string;
  /** The file's name as messages quote it. */
  readonly where: string;
  readonly proto: GraphModel;
  /** Of the file and its external data. */
  readonly sha256: string;
  /** As the file states it. */
  readonly irVersion: number;
}

/**
 * Reads a model and checks it, without running it: external data is inside, functions are inlined, nodes in order and
 * uniquely named, and constants are no inputs.
 * @throws AppError 'file-not-found', 'file-unreadable', 'model-invalid', 'model-unsupported', 'cancelled'
 */
export async function readModel(path: string, job: Job = silentJob): Promise<CheckedModel> {
  const { where, name, folder, bytes } = await readModelFile(path);
  await job.pause();
  const proto = decodeModel(bytes, where);
  await job.pause();
  if (proto.metadataProps.some(({ key }) => key === planMetadataKey))
    throw new AppError(
      "model-unsupported",
      `${where} is an early-exit network that Offramp exported; open the model it was made from`,
    );
  checkModel(proto, where);
  await job.pause();
  const irVersion = Number(proto.irVersion);
  fixConstants(proto);
  const hash = createHash("sha256").update(bytes);
  await resolveExternalData(proto, folder, where, hash, job);
  return { name, where, proto, sha256: hash.digest("hex"), irVersion };
}

/** The first IR version in which a constant need not be an input. */
const separateConstants = 4n;

/**
 * Old files list constants among the inputs, where a caller may replace them. ONNX Runtime then neither folds nor
 * packs them, and nobody replaces the weights of a trained network.
 */
function fixConstants(proto: GraphModel): void {
  const { graph } = proto;
  const constants = new Set(graph.initializer.map(({ name }) => name));
  graph.input = graph.input.filter(({ name }) => !constants.has(name));
  if (proto.irVersion < separateConstants) proto.irVersion = separateConstants;
}
