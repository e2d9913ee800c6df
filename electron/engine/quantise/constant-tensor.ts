import type { TensorProto } from "../onnx/gen/onnx_pb.ts";
import type { GraphIndex } from "../onnx/graph-index.ts";

/** A constant that stands in the graph as an initializer or a Constant node. */
export function constantTensor(
  { initializers, nodes, producer }: GraphIndex,
  name: string,
): TensorProto | undefined {
  const stored = initializers.get(name);
  if (stored) return stored;
  const maker = nodes[producer.get(name) ?? -1];
  return maker?.opType === "Constant" ? maker.attribute.find(({ t }) => t !== undefined)?.t : undefined;
}
