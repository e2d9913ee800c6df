import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type OperatorSetIdProto,
  OperatorSetIdProtoSchema,
  type TensorProto,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "./gen/onnx_pb.ts";
import type { GraphModel } from "./graph-model.ts";
import { elementTypeNumber, floatTensor, intTensor } from "./tensors.ts";

export type AttributeValue =
  | number
  | string
  | readonly number[]
  | GraphProto
  | TensorProto
  | { float: number };

/** Nodes and the constants that they read: a piece of a graph that can be put into any graph. */
export interface Fragment {
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
}

function attribute(name: string, value: AttributeValue): AttributeProto {
  const of = (init: MessageInitShape<typeof AttributeProtoSchema>) =>
    create(AttributeProtoSchema, { name, ...init });
  const Type = AttributeProto_AttributeType;
  if (typeof value === "number") return of({ type: Type.INT, i: BigInt(value) });
  if (typeof value === "string") return of({ type: Type.STRING, s: new TextEncoder().encode(value) });
  if (Array.isArray(value)) return of({ type: Type.INTS, ints: value.map(BigInt) });
  if ("float" in value) return of({ type: Type.FLOAT, f: value.float });
  if ("$typeName" in value && value.$typeName === "onnx.GraphProto")
    return of({ type: Type.GRAPH, g: value });
  return of({ type: Type.TENSOR, t: value as TensorProto });
}

/** One operator of the default domain; numbers are int attributes, `{float}` is a float. */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
): NodeProto {
  return create(NodeProtoSchema, {
    opType: operator,
    name: `${operator}/${outputs[0]}`,
    input: [...inputs],
    output: [...outputs],
    attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  });
}

/** A graph input or output; a string names a symbolic dimension, no shape leaves it to be inferred. */
export function value(name: string, type: string, shape?: readonly (number | string)[]): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: "tensorType",
        value: {
          elemType: elementTypeNumber(type),
          shape: shape && {
            dim: shape.map((dim) => ({
              value:
                typeof dim === "number"
                  ? { case: "dimValue" as const, value: BigInt(dim) }
                  : { case: "dimParam" as const, value: dim },
            })),
          },
        },
      },
    },
  });
}

export function graph(
  name: string,
  fragment: Fragment,
  inputs: readonly ValueInfoProto[],
  outputs: readonly ValueInfoProto[],
): GraphProto {
  return create(GraphProtoSchema, {
    name,
    node: [...fragment.nodes],
    initializer: [...fragment.initializers],
    input: [...inputs],
    output: [...outputs],
  });
}

/** The operator set that our own nodes are written for; every operator used is stable from here to opset 23. */
const ownOpset = 13;

export function opset(version: number, domain = ""): OperatorSetIdProto {
  return create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) });
}

/** How models that we write name their maker. */
export const producer = "offramp";

/**
 * A model around a graph.
 * @param like the model whose operator sets, functions and IR version the new one keeps
 */
export function model(
  main: GraphProto,
  like?: GraphModel,
  metadata: Readonly<Record<string, string>> = {},
): GraphModel {
  const made = create(ModelProtoSchema, {
    irVersion: like?.irVersion ?? 8n,
    producerName: producer,
    opsetImport: like ? like.opsetImport : [opset(ownOpset)],
    functions: like?.functions ?? [],
    metadataProps: Object.entries(metadata).map(([key, entry]) => ({ key, value: entry })),
  });
  return Object.assign(made, { graph: main });
}

/**
 * Clamps values between two bounds. Clip rather than Min and Max, which don't broadcast before operator set 8; set 11
 * moved the bounds of Clip from attributes to inputs.
 */
export function clampNodes(
  from: string,
  to: string,
  [min, max]: readonly [min: number, max: number],
  opsetVersion: number,
): Fragment {
  if (opsetVersion < 11) {
    const bounds = { min: { float: min }, max: { float: max } };
    return { nodes: [node("Clip", [from], [to], bounds)], initializers: [] };
  }
  const bounds = [`${to}/least`, `${to}/most`];
  return {
    nodes: [node("Clip", [from, ...bounds], [to])],
    initializers: [floatTensor(bounds[0], [min], []), floatTensor(bounds[1], [max], [])],
  };
}

/**
 * Reduces axis 1 of [N, M] to [N]; operator set 18 moved the axes of these operators from an attribute to an input
 * (13 that of ReduceSum).
 */
export function reduceNodes(
  operator: "ReduceMax" | "ReduceMean",
  from: string,
  to: string,
  opsetVersion: number,
): Fragment {
  if (opsetVersion < 18)
    return { nodes: [node(operator, [from], [to], { axes: [1], keepdims: 0 })], initializers: [] };
  const axes = `${to}/axes`;
  return {
    nodes: [node(operator, [from, axes], [to], { keepdims: 0 })],
    initializers: [intTensor(axes, [1])],
  };
}
