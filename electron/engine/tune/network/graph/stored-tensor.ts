import { constantNumbers } from "../../../onnx/constant-values.ts";
import type { AttributeProto, NodeProto, TensorProto } from "../../../onnx/gen/onnx_pb.ts";
import type { GraphIndex } from "../../../onnx/graph-index.ts";
import { elementCount, elementTypeName, floatTensor, intTensor } from "../../../onnx/tensors.ts";

/** A tensor that a graph holds, and how an operator reads it. */
export interface StoredTensor {
  /** Under its name in the graph, where trained numbers are put back. */
  readonly tensor: TensorProto;
  /** As the operator reads it. */
  readonly dims: readonly number[];
  /** The operator reads the matrix with its axes exchanged. */
  readonly turned: boolean;
}

/** More operators one behind the other, each of which hands on what is stored, are nobody's network. */
const longestChain = 16;

/**
 * What is stored behind a name: an initializer or a Constant, by itself or handed on by operators that change no number.
 * Training changes what is stored, so the graph stays as it is.
 */
export function storedTensor(
  index: GraphIndex,
  name: string,
  chain = longestChain,
): StoredTensor | undefined {
  const initializer = index.initializers.get(name);
  if (initializer) return plain(initializer);
  const maker = index.nodes[index.producer.get(name) ?? -1];
  if (!maker || chain === 0) return undefined;
  if (maker.opType === "Constant") {
    const tensor = maker.attribute[0] && constantOf(maker.attribute[0]);
    return tensor && plain({ ...tensor, name });
  }
  const handOn = handsOn[maker.opType];
  const source = handOn && storedTensor(index, maker.input[0], chain - 1);
  return source && handOn(source, maker, (input) => constantNumbers(index, maker.input[input] ?? ""));
}

function plain(tensor: TensorProto): StoredTensor {
  return { tensor, dims: tensor.dims.map(Number), turned: false };
}

type HandOn = (
  source: StoredTensor,
  node: NodeProto,
  setting: (input: number) => number[] | undefined,
) => StoredTensor | undefined;

/** Operators that hand on the same numbers in the same order, or a matrix turned. */
const handsOn: Readonly<Record<string, HandOn | undefined>> = {
  Identity: (source) => source,
  Cast: (source, { attribute }) =>
    attribute.some(({ name, i }) => name === "to" && Number(i) === source.tensor.dataType)
      ? source
      : undefined,
  Transpose: ({ tensor, dims, turned }, node) => {
    const isExchange = String(intsOf(node, "perm") ?? [1, 0]) === "1,0";
    return dims.length === 2 && isExchange
      ? { tensor, dims: [...dims].reverse(), turned: !turned }
      : undefined;
  },
  Unsqueeze: (source, node, setting) => {
    const axes = intsOf(node, "axes") ?? setting(1);
    if (!axes || source.turned) return undefined;
    const dims = [...source.dims];
    const rank = dims.length + axes.length;
    const places = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((one, other) => one - other);
    for (const place of places) dims.splice(place, 0, 1);
    return { ...source, dims };
  },
  Reshape: (source, _, setting) => {
    const to = setting(1);
    if (!to || source.turned) return undefined;
    const stated = to.map((size, axis) => (size === 0 ? source.dims[axis] : size));
    const rest = elementCount(source.dims) / elementCount(stated.filter((size) => size !== -1));
    const dims = stated.map((size) => (size === -1 ? rest : size));
    return elementCount(dims) === elementCount(source.dims) ? { ...source, dims } : undefined;
  },
};

function intsOf({ attribute }: NodeProto, wanted: string): number[] | undefined {
  return attribute.find(({ name }) => name === wanted)?.ints.map(Number);
}

function constantOf({ name, t, i, f, ints, floats }: AttributeProto): TensorProto | undefined {
  if (t) return t;
  if (name === "value_int") return intTensor("", [Number(i)], []);
  if (name === "value_float") return floatTensor("", [f], []);
  if (name === "value_ints") return intTensor("", ints.map(Number));
  return name === "value_floats" ? floatTensor("", floats) : undefined;
}

/** Whether numbers of this ONNX type are those of a float. */
export function isFloatType(type: number): boolean {
  return /^float(16|32|64)$/.test(elementTypeName(type) ?? "");
}
