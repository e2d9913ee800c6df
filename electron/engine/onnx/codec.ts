import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { AppError } from "../../../shared/base/errors.ts";
import { type ModelProto, ModelProtoSchema } from "./gen/onnx_pb.ts";
import type { GraphModel } from "./graph-model.ts";

/**
 * Reads an ONNX protobuf. Says only whether the bytes are one; `checkModel` says whether the graph is sound.
 * @param where the file's name, for the message
 * @throws AppError 'model-invalid' if the bytes are no ONNX model
 */
export function decodeModel(bytes: Uint8Array, where: string): GraphModel {
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw new AppError(
      "model-invalid",
      `${where} is not an ONNX model, or is cut short: ${reason(cause)}`,
      {},
      { cause },
    );
  }
  const { graph } = model;
  if (!graph || graph.node.length === 0)
    throw new AppError(
      "model-invalid",
      `${where} is not an ONNX model: it holds no graph; export the model to ONNX again`,
    );
  return Object.assign(model, { graph });
}

export function encodeModel(model: ModelProto): Uint8Array {
  return toBinary(ModelProtoSchema, model);
}

function reason(cause: unknown): string {
  if (cause instanceof RangeError && /call stack/i.test(cause.message))
    return "its messages nest without end";
  return "its protobuf can't be read";
}
