import { basename } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { type BackboneSummary, scoreCount } from "../../../shared/model/backbone.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { imageTypes } from "../onnx/image-types.ts";
import { type AdmittedModel, admitModel } from "../onnx/import/admit-model.ts";
import type { ObservedTensor } from "../onnx/probe/model-probe.ts";
import { elementCount } from "../onnx/tensors.ts";

/** Names of the outputs that an exported model answers by. */
export interface AnswerNames {
  readonly logits: string;
  readonly confidence: string;
}

/**
 * Has an exported model pass the door, see `admitModel`.
 * @param path of its file
 * @param inputs what it is run on
 * @param answers what it has to answer, if it does: finite numbers, as many as the backbone's own output holds
 * @throws AppError 'file-invalid', 'cancelled'
 */
export async function admitExport(
  proto: GraphModel,
  path: string,
  inputs: readonly ObservedTensor[],
  answers: (AnswerNames & Pick<BackboneSummary, "output">) | undefined,
  job: Job,
): Promise<AdmittedModel> {
  const given = inputs.map(({ type, dims }) => {
    const known = imageTypes.find((each) => each === type);
    if (known) return { type: known, dims };
    throw unusable(path, `${type} is no type of a feature map`);
  });
  const admitted = await admitModel(proto, basename(path), given, job).catch((cause) => {
    if (!(cause instanceof AppError) || cause.code === "cancelled") throw cause;
    throw unusable(path, cause.message, cause);
  });
  if (answers) {
    checkNumbers(path, admitted, answers.logits, scoreCount(answers.output));
    checkNumbers(path, admitted, answers.confidence, 1);
  }
  return admitted;
}

function checkNumbers(path: string, { proto, seen }: AdmittedModel, name: string, count: number): void {
  const tensor = outputOf(path, proto, seen.tensors, name);
  if (elementCount(tensor.dims) !== count)
    throw unusable(path, `its output ${name} holds [${tensor.dims.join(", ")}], expected ${count} an image`);
  const values = seen.outputs.get(name)?.flat() ?? [];
  if (values.length === 0) throw unusable(path, `its output ${name} is ${tensor.type}, expected float32`);
  if (!values.every(Number.isFinite))
    throw unusable(path, `its output ${name} isn't finite for plain images`);
}

/**
 * What was seen of an output.
 * @throws AppError 'file-invalid' if there is none of that name
 */
export function outputOf(
  path: string,
  { graph }: GraphModel,
  tensors: ReadonlyMap<string, ObservedTensor>,
  name: string,
): ObservedTensor {
  const tensor = graph.output.some((output) => output.name === name) ? tensors.get(name) : undefined;
  if (tensor) return tensor;
  throw unusable(path, `it has no output ${name}`);
}

function unusable(path: string, what: string, cause?: unknown): AppError {
  return new AppError("file-invalid", `${path} can't be verified (${what}); export again`, {}, { cause });
}
