import {
  type AttributeProto,
  type NodeProto,
  type TensorProto,
  TensorProto_DataType,
  type ValueInfoProto,
} from "../../../onnx/gen/onnx_pb.ts";
import type { GraphModel } from "../../../onnx/graph-model.ts";
import { floatTensor, tensorNumbers } from "../../../onnx/tensors.ts";

const { FLOAT, FLOAT16, DOUBLE } = TensorProto_DataType;

/**
 * The same graph with all its floats as float32, which training computes in: half and double ones are what a model is stored or run
 * in, and are again when trained numbers are put back.
 */
export function widenFloats(proto: GraphModel): GraphModel {
  const { graph } = proto;
  return {
    ...proto,
    graph: {
      ...graph,
      node: graph.node.map(widenNode),
      initializer: graph.initializer.map(widenTensor),
      input: graph.input.map(widenValue),
      output: graph.output.map(widenValue),
      // Types of tensors on the way, which ONNX Runtime finds out by itself.
      valueInfo: [],
    },
  };
}

function isOther(type: number): boolean {
  return type === FLOAT16 || type === DOUBLE;
}

function widenTensor(tensor: TensorProto): TensorProto {
  if (!isOther(tensor.dataType)) return tensor;
  return floatTensor(tensor.name, tensorNumbers(tensor), tensor.dims.map(Number));
}

function widenValue(info: ValueInfoProto): ValueInfoProto {
  const type = info.type?.value;
  if (type?.case !== "tensorType" || !isOther(type.value.elemType)) return info;
  const value = { ...type, value: { ...type.value, elemType: FLOAT } };
  return { ...info, type: { ...info.type!, value } };
}

/** Attributes that say what type an operator gives. */
const typeAttributes: readonly string[] = ["to", "dtype"];

function widenNode(node: NodeProto): NodeProto {
  return node.attribute.length === 0 ? node : { ...node, attribute: node.attribute.map(widenAttribute) };
}

function widenAttribute(attribute: AttributeProto): AttributeProto {
  const { name, i, t } = attribute;
  if (t) return { ...attribute, t: widenTensor(t) };
  return typeAttributes.includes(name) && isOther(Number(i)) ? { ...attribute, i: BigInt(FLOAT) } : attribute;
}
