import { AppError } from "../../../../../shared/base/errors.ts";
import type { NodeProto } from "../../../onnx/gen/onnx_pb.ts";
import { nodeLabel } from "../../../onnx/model-tensors.ts";

/** An error that says which node can't be trained, and why. */
export function refusal(node: NodeProto, why: string): AppError {
  return new AppError(
    "model-unsupported",
    `${nodeLabel(node)} can't be trained in PyTorch: ${why}; export the model with plain layers, or keep this network frozen`,
  );
}
