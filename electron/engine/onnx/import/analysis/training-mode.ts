import type { GraphProto, NodeProto, TensorProto } from "../../gen/onnx_pb.ts";
import { attributeGraphs, nestedNodes } from "../../model-tensors.ts";
import { tensorNumbers } from "../../tensors.ts";

/** Operators that draw numbers at random. */
const drawing: readonly string[] = [
  "RandomNormal",
  "RandomNormalLike",
  "RandomUniform",
  "RandomUniformLike",
  "Bernoulli",
  "Multinomial",
];

/** Whether a node's result may be another each time, or that of a node inside it. */
export function drawsNumbers(node: NodeProto): boolean {
  for (const { opType } of nestedNodes([node]))
    if (opType === "Dropout" || drawing.includes(opType)) return true;
  return false;
}

/**
 * The operators that act as in training: batch norms that go by the batch at hand, dropouts that drop, and noise.
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
  const { opType, attribute, input, output } = node;
  if (opType === "BatchNormalization") {
    const declared = attribute.find(({ name }) => name === "training_mode")?.i;
    // Before operator set 14 running statistics are outputs in training alone.
    return opset < 14 ? output.filter(Boolean).length >= 3 : declared === 1n;
  }
  if (drawing.includes(opType)) return true;
  if (opType !== "Dropout") return false;
  const constant = (name: string | undefined) => (name && constants(name)) || undefined;
  const [mode, ratio] = [constant(input[2]), constant(input[1])];
  const dropsNothing = ratio !== undefined && tensorNumbers(ratio, 1)[0] === 0;
  return mode !== undefined && tensorNumbers(mode, 1)[0] === 1 && !dropsNothing;
}
