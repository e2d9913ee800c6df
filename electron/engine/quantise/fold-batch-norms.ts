import type { GraphProto, NodeProto, TensorProto } from "../onnx/gen/onnx_pb.ts";
import { type GraphIndex, indexGraph } from "../onnx/graph-index.ts";
import { elementCount, floatTensor, tensorNumbers } from "../onnx/tensors.ts";
import { constantTensor } from "./constant-tensor.ts";

/** Of ONNX, where the operator doesn't say. */
const defaultEpsilon = 1e-5;

/**
 * Folds batch norms into the convolutions before them, in place: integers know no batch norm, and a convolution whose
 * result goes through one in floats can't stay among integers.
 */
export function foldBatchNorms(graph: GraphProto): void {
  const index = indexGraph(graph);
  const folded = new Set<NodeProto>();
  for (const norm of graph.node) {
    const conv = convolutionBefore(norm, graph, index);
    if (!conv) continue;
    const constants = [conv.input[1], ...norm.input.slice(1, 5)].map((name) => constantTensor(index, name));
    if (constants.some((constant) => constant === undefined)) continue;
    const bias = conv.input[2] ? constantTensor(index, conv.input[2]) : undefined;
    if (conv.input[2] && !bias) continue;
    const [weights, ...statistics] = constants as TensorProto[];
    const epsilon = norm.attribute.find(({ name }) => name === "epsilon")?.f ?? defaultEpsilon;
    const fold = foldedConstants(weights, bias, statistics, epsilon);
    const names = [`${norm.output[0]}/folded-weights`, `${norm.output[0]}/folded-bias`];
    graph.initializer.push(
      floatTensor(names[0], fold.weights, weights.dims.map(Number)),
      floatTensor(names[1], fold.bias),
    );
    conv.input = [conv.input[0], ...names];
    conv.output = [norm.output[0]];
    folded.add(norm);
  }
  graph.node = graph.node.filter((one) => !folded.has(one));
}

/** The convolution whose result nothing but this batch norm reads. */
function convolutionBefore(norm: NodeProto, graph: GraphProto, index: GraphIndex): NodeProto | undefined {
  if (norm.opType !== "BatchNormalization" || norm.output.filter(Boolean).length > 1) return undefined;
  const [read] = norm.input;
  const conv = index.nodes[index.producer.get(read) ?? -1];
  const isOutput = graph.output.some(({ name }) => name === read);
  if (conv?.opType !== "Conv" || isOutput || index.consumers.get(read)?.length !== 1) return undefined;
  return conv;
}

/** scale (W x + b - mean) / sqrt(variance + epsilon) + shift, as other weights and another bias. */
function foldedConstants(
  weights: TensorProto,
  bias: TensorProto | undefined,
  statistics: readonly TensorProto[],
  epsilon: number,
): { weights: Float64Array; bias: Float64Array } {
  const [scale, shift, mean, variance] = statistics.map((tensor) => tensorNumbers(tensor));
  const factor = scale.map((value, channel) => value / Math.sqrt(variance[channel] + epsilon));
  const perChannel = elementCount(weights.dims) / factor.length;
  const before = bias && tensorNumbers(bias);
  return {
    weights: tensorNumbers(weights).map((weight, at) => weight * factor[Math.floor(at / perChannel)]),
    bias: factor.map((by, channel) => shift[channel] + ((before?.[channel] ?? 0) - mean[channel]) * by),
  };
}
