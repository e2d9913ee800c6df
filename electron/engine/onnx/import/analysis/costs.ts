import { constantNumbers } from "../../constant-values.ts";
import type { NodeProto } from "../../gen/onnx_pb.ts";
import { type GraphIndex, isConstant } from "../../graph-index.ts";
import type { ObservedTensor } from "../../probe/model-probe-protocol.ts";
import { allCopies, type SubgraphCopy, subgraphCopies } from "../../subgraph-copies.ts";
import { elementBytes, elementCount, elementTypeNumber, tensorBytes } from "../../tensors.ts";
import { einsumLabels } from "./einsum.ts";

/** Types and shapes at batch 1: what the probe observed, the image, and the constants. */
export type TensorTable = ReadonlyMap<string, ObservedTensor>;

export interface NodeCost {
  /** Multiply-accumulate operations at batch 1. */
  readonly macs: number;
  /** Elements of the constants that the node reads. */
  readonly parameters: number;
  /** Bytes of its outputs at batch 1. */
  readonly activationBytes: number;
}

/** A node's operands, as the cost rules see them. */
interface Operands {
  readonly node: NodeProto;
  input(position: number): readonly number[];
  readonly output: readonly number[];
  /** Whether an int attribute is set and not 0. */
  flag(name: string): boolean;
}

type MacRule = (operands: Operands) => number;

/** Weights are [M, C/group, k...]: each output element sums one filter. */
const convolution =
  (weights: number): MacRule =>
  ({ input, output }) =>
    elementCount(output) * elementCount(input(weights).slice(1));

/** Weights are [C, M/group, k...]: each input element is spread by one filter. */
const transposedConvolution: MacRule = ({ input }) =>
  elementCount(input(0)) * elementCount(input(1).slice(1));

/** Each output element sums over the left operand's last axis, or its last but one if transposed. */
const product: MacRule = ({ input, output, flag }) =>
  elementCount(output) * (input(0).at(flag("transA") ? -2 : -1) ?? 1);

/** One step for every combination of the axes that the equation names; none where nothing is multiplied. */
const einsum: MacRule = ({ node, input }) => {
  if (node.input.length < 2) return 0;
  const dims = node.input.map((_, at) => input(at));
  const { inputs } = einsumLabels(
    node,
    dims.map(({ length }) => length),
  );
  const sizes = new Map<string, number>();
  for (const [at, shape] of dims.entries())
    for (const [axis, size] of shape.entries()) {
      const label = inputs[at]?.[axis] ?? "";
      sizes.set(label, Math.max(sizes.get(label) ?? 1, size));
    }
  return elementCount([...sizes.values()]);
};

/** Every element of queries and of the result meets every key. */
const attention: MacRule = ({ input, output }) =>
  (elementCount(input(0)) + elementCount(output)) * (input(1).at(-2) ?? 1);

/** Two operators have this name: ONNX's reads queries, keys and values, ONNX Runtime's makes them of tokens [N, T, C]. */
const anyAttention: MacRule = (operands) => {
  const { input, output } = operands;
  if (input(1).length !== 2) return attention(operands);
  const tokens = input(0);
  const projection = elementCount(tokens) * input(1)[1];
  return projection + 2 * elementCount(output) * (tokens.at(-2) ?? 1);
};

/** X is [steps, N, C]; each step of each row meets all weights, of its input and of its state. */
const recurrence: MacRule = ({ input }) =>
  elementCount(input(0).slice(0, 2)) * (elementCount(input(1)) + elementCount(input(2)));

/** Operators that multiply and accumulate; the others cost none. */
const macRules: Readonly<Record<string, MacRule>> = {
  Conv: convolution(1),
  FusedConv: convolution(1),
  NhwcFusedConv: convolution(1),
  ConvInteger: convolution(1),
  QLinearConv: convolution(3),
  ConvTranspose: transposedConvolution,
  Gemm: product,
  FusedGemm: product,
  QGemm: product,
  MatMul: product,
  FusedMatMul: product,
  MatMulInteger: product,
  MatMulIntegerToFloat: product,
  DynamicQuantizeMatMul: product,
  QLinearMatMul: product,
  MatMulNBits: product,
  Einsum: einsum,
  Attention: anyAttention,
  QAttention: anyAttention,
  MultiHeadAttention: attention,
  LSTM: recurrence,
  GRU: recurrence,
  RNN: recurrence,
};

/** Costs of every node, by node number; nodes that only compute constants cost nothing at run time. */
export function nodeCosts(index: GraphIndex, tensors: TensorTable): NodeCost[] {
  return index.nodes.map((node, number) => {
    if (!index.carriesInput[number]) return { macs: 0, parameters: 0, activationBytes: 0 };
    return {
      macs: macs(node, subgraphCopies(node), index, tensors),
      parameters: parametersRead(index, tensors, number).reduce(
        (sum, name) => sum + elements(tensors, name),
        0,
      ),
      activationBytes: node.output.reduce((sum, name) => sum + activationBytes(tensors, name), 0),
    };
  });
}

/** A loop's body counts as often as it runs where that is known; of an If the most expensive branch counts, once. */
function macs(
  node: NodeProto,
  copies: readonly SubgraphCopy[],
  index: GraphIndex,
  tensors: TensorTable,
): number {
  const inside = copies.map(({ nodes, inner }) =>
    nodes.reduce((sum, each, at) => sum + macs(each, inner[at], index, tensors), 0),
  );
  const times = node.opType === "Loop" ? trips(node, index) : 1;
  return ownMacs(node, tensors) + times * inside.reduce((most, branch) => Math.max(most, branch), 0);
}

/** More than this is how exporters say that a condition ends the loop. */
const maxTrips = 100_000;

/** How often a loop's body runs, if a constant says so; else once is all that is known. */
function trips({ input: [name] }: NodeProto, index: GraphIndex): number {
  const [count] = (name && constantNumbers(index, name)) || [];
  return count !== undefined && count >= 0 && count <= maxTrips ? count : 1;
}

function ownMacs(node: NodeProto, tensors: TensorTable): number {
  const rule = macRules[node.opType];
  const output = tensors.get(node.output[0]);
  if (!rule || !output) return 0;
  return rule({
    node,
    input: (position) => tensors.get(node.input[position])?.dims ?? [],
    output: output.dims,
    flag: (name) => (node.attribute.find((attribute) => attribute.name === name)?.i ?? 0n) !== 0n,
  });
}

/** Element types of constants that steer operators (shapes, axes, indices), not weights. */
const controlTypes: readonly string[] = ["int64", "bool", "string"];
/** Operators whose constants are scales and zero points. */
const quantisers: readonly string[] = ["QuantizeLinear", "DequantizeLinear"];

/** Names of the weights that a node reads, also of those that constant nodes compute and its subgraphs hold. */
function parametersRead(index: GraphIndex, tensors: TensorTable, number: number): string[] {
  const node = index.nodes[number];
  if (quantisers.includes(node.opType)) return [];
  const isWeight = (name: string) => {
    const type = tensors.get(name)?.type;
    return type !== undefined && !controlTypes.includes(type);
  };
  const outer = [...new Set(index.reads[number])].filter((name) => isWeight(name) && isConstant(index, name));
  const held = allCopies([node]).flatMap(({ initializers }) => initializers.map(({ name }) => name));
  return [...outer, ...held.filter(isWeight)];
}

export interface ParameterTotals {
  readonly parameters: number;
  /** As they are stored: int8 weights of a quantised model count one byte. */
  readonly parameterBytes: number;
}

/** Weights of a set of nodes; what several nodes share counts once. */
export function parameterTotals(
  index: GraphIndex,
  tensors: TensorTable,
  nodes: readonly number[],
): ParameterTotals {
  const names = [...new Set(nodes.flatMap((number) => parametersRead(index, tensors, number)))];
  return {
    parameters: names.reduce((sum, name) => sum + elements(tensors, name), 0),
    parameterBytes: names.reduce((sum, name) => sum + storedBytes(index, tensors, name), 0),
  };
}

/** Operators that pass a constant through, changed in type or shape alone. */
const passing: readonly string[] = [
  "DequantizeLinear",
  "QuantizeLinear",
  "Cast",
  "Identity",
  "Transpose",
  "Reshape",
];

/** A weight passes through a few operators on its way; more in a row are no network's. */
const longestPass = 100;

/** Bytes of a constant in the file, or of the result where a node generates it. */
function storedBytes(
  { nodes, producer, initializers }: GraphIndex,
  tensors: TensorTable,
  name: string,
): number {
  let source = name;
  for (let passed = 0; passed < longestPass; passed++) {
    const stored = initializers.get(source);
    if (stored) return tensorBytes(stored);
    const maker = nodes[producer.get(source) ?? -1];
    if (!maker || !passing.includes(maker.opType)) break;
    source = maker.input[0];
  }
  return activationBytes(tensors, source);
}

function elements(tensors: TensorTable, name: string): number {
  return elementCount(tensors.get(name)?.dims ?? [0]);
}

/** Bytes of a tensor at batch 1; 0 for strings, for values that are no tensors and for outputs that nobody reads. */
export function activationBytes(tensors: TensorTable, name: string): number {
  const tensor = tensors.get(name);
  return tensor ? elementBytes(elementTypeNumber(tensor.type), elementCount(tensor.dims)) : 0;
}

/**
 * The most bytes of activations that live at once when the nodes run in order, each tensor freed after its last
 * reader; constants excluded.
 */
export function peakActivationBytes(
  index: GraphIndex,
  tensors: TensorTable,
  nodes: readonly number[],
  image: string,
  output: string,
): number {
  const lastReader = new Map<string, number>([[image, nodes[0]]]);
  for (const number of nodes) {
    for (const name of index.nodes[number].output) lastReader.set(name, number);
    for (const name of index.reads[number]) if (lastReader.has(name)) lastReader.set(name, number);
  }
  lastReader.set(output, Number.POSITIVE_INFINITY);
  let live = activationBytes(tensors, image);
  let peak = live;
  for (const number of nodes) {
    for (const name of index.nodes[number].output) live += activationBytes(tensors, name);
    peak = Math.max(peak, live);
    const ended = new Set([...index.reads[number], ...index.nodes[number].output]);
    for (const name of ended) if (lastReader.get(name) === number) live -= activationBytes(tensors, name);
  }
  return peak;
}
