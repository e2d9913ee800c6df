import type { GraphProto, NodeProto, TensorProto } from "./gen/onnx_pb.ts";
import { attributeGraphs } from "./model-tensors.ts";

/**
 * The operators that act as in training: batch norms that go by the batch at hand, and dropouts that drop.
 * @param opset version of ONNX's operator set, which says how an operator is told
 */
export function trainingModeNodes(graph: GraphProto, opset: number): NodeProto[] {
  return nodesIn(graph, opset, () => undefined);
}

/** Looks up constants in the graphs around as well. */
type Constants = (name: string) => TensorProto | undefined;

function nodesIn(graph: GraphProto, opset: number, outer: Constants): NodeProto[] {
  const own = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  for (const { opType, output, attribute } of graph.node) {
    const value = attribute.find(({ name }) => name === "value")?.t;
    if (opType === "Constant" && value) own.set(output[0], value);
  }
  const constants: Constants = (name) => own.get(name) ?? outer(name);
  return graph.node.flatMap((node) => [
    ...(trains(node, opset, constants) ? [node] : []),
    ...node.attribute.flatMap(attributeGraphs).flatMap((subgraph) => nodesIn(subgraph, opset, constants)),
  ]);
}

function trains(node: NodeProto, opset: number, constants: Constants): boolean {
  const flag = (name: string) => node.attribute.find((attribute) => attribute.name === name)?.i;
  const isNorm = node.opType === "BatchNormalization";
  if (!isNorm && node.opType !== "Dropout") return false;
  if (opset < 7) return flag("is_test") === 0n;
  // Running statistics are outputs in training alone.
  if (isNorm) return opset < 14 ? node.output.filter(Boolean).length >= 3 : flag("training_mode") === 1n;
  const mode = node.input[2] ? constants(node.input[2]) : undefined;
  return mode !== undefined && (mode.rawData.some((byte) => byte !== 0) || mode.int32Data.some(Boolean));
}
