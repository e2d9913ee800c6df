import type { AttributeProto, NodeProto, TensorProto } from "../../../onnx/gen/onnx_pb.ts";
import type { GraphIndex } from "../../../onnx/graph-index.ts";
import { elementTypeName, floatTensor, intTensor } from "../../../onnx/tensors.ts";

/** A tensor that a graph holds, and how an operator reads it. */
export interface StoredTensor {
  /** Under its name in the graph, where trained numbers are put back. */
  readonly tensor: TensorProto;
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
  if (initializer) return { tensor: initializer, turned: false };
  const maker = index.nodes[index.producer.get(name) ?? -1];
  if (!maker || chain === 0) return undefined;
  const { opType, input, attribute } = maker;
  if (opType === "Constant") {
    const tensor = attribute[0] && constantOf(attribute[0]);
    return tensor && { tensor: { ...tensor, name }, turned: false };
  }
  if (!handsOn.includes(opType)) return undefined;
  const source = storedTensor(index, input[0], chain - 1);
  if (!source) return undefined;
  if (opType === "Identity") return source;
  if (opType === "Cast") return isKeptBy(maker, source.tensor) ? source : undefined;
  const perm = attribute.find((setting) => setting.name === "perm")?.ints ?? [1n, 0n];
  const isMatrix = source.tensor.dims.length === 2 && String(perm) === "1,0";
  return isMatrix ? { ...source, turned: !source.turned } : undefined;
}

const handsOn: readonly string[] = ["Identity", "Cast", "Transpose"];

function isKeptBy({ attribute }: NodeProto, { dataType }: TensorProto): boolean {
  return attribute.some(({ name, i }) => name === "to" && Number(i) === dataType);
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
