import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { AppError, assertNever } from "../../../shared/base/errors.ts";
import { type ModelProto, ModelProtoSchema } from "./gen/onnx_pb.ts";
import type { GraphModel } from "./graph-model.ts";
import { measureWire, type WireFault } from "./measure-wire.ts";

/** What a model may hold, with what messages call it: ten times as much as large networks do. */
const most: Readonly<Record<string, readonly [count: number, plural: string]>> = {
  NodeProto: [100_000, "operators"],
  "NodeProto.input": [1_000_000, "tensors read"],
  "NodeProto.output": [500_000, "tensors made"],
  AttributeProto: [1_000_000, "attributes"],
  TensorProto: [300_000, "constants"],
  GraphProto: [10_000, "graphs inside each other"],
  ValueInfoProto: [500_000, "inputs, outputs and described tensors"],
  FunctionProto: [20_000, "functions"],
  OperatorSetIdProto: [200_000, "operator sets"],
  StringStringEntryProto: [2_000_000, "notes"],
};

const counts = Object.fromEntries(Object.entries(most).map(([what, [count]]) => [what, count]));

/** Memory that any model may take once decoded, and more of it for each byte of the file: constants may be stored as numbers. */
const decodedBytes = 512e6;
const decodedPerByte = 6;

/**
 * Reads an ONNX protobuf. Says only whether the bytes are one, and no more than can be worked on; `checkModel` says
 * whether the graph is sound.
 * @param where the file's name, for the message
 * @throws AppError 'model-invalid' if the bytes are no ONNX model, 'model-unsupported' if they would become too much
 */
export function decodeModel(bytes: Uint8Array, where: string): GraphModel {
  const limits = { counts, decodedBytes: decodedBytes + decodedPerByte * bytes.length };
  measureWire(ModelProtoSchema, bytes, limits, (fault) => {
    throw faultError(fault, where);
  });
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw faultError({ kind: "malformed" }, where, cause);
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

function faultError(fault: WireFault, where: string, cause?: unknown): AppError {
  const invalid = (why: string) =>
    new AppError("model-invalid", `${where} is not an ONNX model, or is cut short: ${why}`, {}, { cause });
  const unsupported = (why: string) => new AppError("model-unsupported", `${where} can't be used: ${why}`);
  switch (fault.kind) {
    case "malformed":
      return invalid("its protobuf can't be read");
    case "nested":
      return invalid("its messages nest without end");
    case "many": {
      const [count, plural] = most[fault.what];
      return unsupported(
        `it holds more than ${count} ${plural}, which no network needs; simplify the model first`,
      );
    }
    case "long":
      return unsupported(
        "one of its constants is a list of more than 100 million numbers; save it as raw data",
      );
    case "large":
      return unsupported(
        "it would take many times its size in memory, for its parts are many and small; simplify the model first, and " +
          "save its constants as raw data",
      );
    default:
      return assertNever(fault);
  }
}
