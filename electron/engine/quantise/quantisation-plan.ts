import type { GraphProto, NodeProto } from "../onnx/gen/onnx_pb.ts";
import { type GraphIndex, indexGraph } from "../onnx/graph-index.ts";
import { elementCount, elementTypeName } from "../onnx/tensors.ts";
import { constantTensor } from "./constant-tensor.ts";

/** A layer with constant weights that will compute with integers. */
export interface QuantisedWeights {
  readonly node: NodeProto;
  readonly channels: number;
  /** Numbers that follow each other in a channel of the weights. */
  readonly stride: number;
  /** The axis of the weights that holds the channels. */
  readonly axis: number;
}

/** What of a graph becomes integers. */
export interface QuantisationPlan {
  readonly layers: readonly QuantisedWeights[];
  /** Tensors that are held as bytes. */
  readonly activations: ReadonlySet<string>;
  /** Tensors that are held as bytes with the range of another: nothing is computed in between. */
  readonly sameAs: ReadonlyMap<string, string>;
}

/** Operators that the runtime fuses with the layer before them once the result is bytes. */
const fused: readonly string[] = ["Relu", "Clip"];
/** Those that the runtime computes with bytes where all that they read is bytes. */
const between: readonly string[] = ["Add", "GlobalAveragePool", "AveragePool", "Concat"];
/** Those that only move or choose bytes. */
const moving: readonly string[] = [
  "MaxPool",
  "Flatten",
  "Reshape",
  "Transpose",
  "Squeeze",
  "Unsqueeze",
  "Identity",
];

/**
 * Chooses what becomes integers, by what ONNX Runtime fuses: convolutions and matrix products with constant weights,
 * with what they read and give, and sums and poolings between them. The class scores stay floats.
 */
export function planQuantisation(graph: GraphProto): QuantisationPlan {
  const index = indexGraph(graph);
  const outputs = new Set(graph.output.map(({ name }) => name));
  const layers = graph.node.flatMap((node) => layerOf(node, index) ?? []);
  const activations = new Set<string>();
  const sameAs = new Map<string, string>();
  const addResult = (node: NodeProto) => {
    const result = resultOf(node, index);
    if (!outputs.has(result)) activations.add(result);
  };
  for (const { node } of layers) {
    activations.add(node.input[0]);
    if (node.opType === "Conv") addResult(node);
  }
  for (const node of graph.node) {
    const read = moving.includes(node.opType) ? node.input.slice(0, 1) : node.input.filter(Boolean);
    if (read.length === 0 || !read.every((name) => activations.has(name))) continue;
    if (between.includes(node.opType)) addResult(node);
    const [result] = node.output;
    const isMoved = moving.includes(node.opType) && !outputs.has(result);
    if (!isMoved || node.output.filter(Boolean).length > 1) continue;
    activations.add(result);
    sameAs.set(result, sameAs.get(read[0]) ?? read[0]);
  }
  return { layers, activations, sameAs };
}

/** What is left of a layer after an activation that nothing else reads before it. */
function resultOf({ output: [own] }: NodeProto, { nodes, consumers }: GraphIndex): string {
  const readers = consumers.get(own) ?? [];
  const next = nodes[readers[0]];
  return readers.length === 1 && fused.includes(next.opType) ? next.output[0] : own;
}

function layerOf(node: NodeProto, index: GraphIndex): QuantisedWeights | undefined {
  const axis = channelAxis(node);
  const weights = axis !== undefined && node.input[1] ? constantTensor(index, node.input[1]) : undefined;
  if (!weights || !isFloat(weights) || !index.carriesInput[index.nodes.indexOf(node)]) return undefined;
  const dims = weights.dims.map(Number);
  if (dims.length < 2 || (node.opType !== "Conv" && dims.length !== 2)) return undefined;
  const channels = dims[axis!];
  if (node.input[2]) {
    const bias = constantTensor(index, node.input[2]);
    if (!bias || !isFloat(bias) || elementCount(bias.dims) !== channels) return undefined;
  }
  return { node, channels, stride: elementCount(dims.slice(axis! + 1)), axis: axis! };
}

function isFloat({ dataType }: { readonly dataType: number }): boolean {
  return elementTypeName(dataType) === "float32";
}

/** The axis of the weights along which outputs lie; undefined for all that isn't computed with integers. */
function channelAxis({ opType, attribute }: NodeProto): number | undefined {
  const number = (name: string) => attribute.find((one) => one.name === name);
  switch (opType) {
    case "Conv":
      return 0;
    case "MatMul":
      return 1;
    case "Gemm": {
      const isPlain = (number("alpha")?.f ?? 1) === 1 && (number("beta")?.f ?? 1) === 1;
      if (!isPlain || Number(number("transA")?.i ?? 0n) !== 0) return undefined;
      return Number(number("transB")?.i ?? 0n) === 0 ? 1 : 0;
    }
    default:
      return undefined;
  }
}
