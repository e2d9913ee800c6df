import { AppError } from "../../../shared/base/errors.ts";
import type { Head } from "../heads/head.ts";
import { type NodeProto, type TensorProto, TensorProto_DataType } from "../onnx/gen/onnx_pb.ts";
import { node } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { halfBits } from "../onnx/half-float.ts";
import { numbersTensor, tensorNumbers } from "../onnx/tensors.ts";
import { exitOutputs, type TunedNetwork } from "./tuned-graph.ts";

/** The network's graphs with other weights. */
export interface TunedModels {
  readonly backbone: GraphModel;
  readonly heads: readonly Head[];
}

/**
 * Puts trained tensors where the graphs have theirs, in the types that they are stored in there.
 * @param tensors by their names in the joint graph
 * @throws AppError 'training-failed' if a number is too large for its type
 */
export function withWeights(network: TunedNetwork, tensors: ReadonlyMap<string, TensorProto>): TunedModels {
  const { backbone } = network;
  const exits = exitOutputs(network);
  const ready = new Set(backbone.summary.readyExits.map(({ output }) => output));
  const own = new Map(tensors);
  // A classifier that came with the model stands in its graph, too, under the names that it had there.
  for (const { head, output } of exits)
    if (ready.has(head.kind))
      for (const { name } of head.model.graph.initializer) {
        const trained = tensors.get(`${output}/${name}`);
        if (trained && !own.has(name)) own.set(name, trained);
      }
  return {
    backbone: replaced(backbone.proto, own, ""),
    heads: exits.map(({ head, output }) => ({ ...head, model: replaced(head.model, tensors, `${output}/`) })),
  };
}

function replaced(proto: GraphModel, tensors: ReadonlyMap<string, TensorProto>, prefix: string): GraphModel {
  const { graph } = proto;
  const own = (name: string) => tensors.get(prefix + name);
  const node = graph.node.map((item) =>
    item.opType === "Constant" ? constantNode(item, own(item.output[0])) : item,
  );
  const initializer = graph.initializer.map((tensor) => {
    const trained = own(tensor.name);
    return trained ? asStored(tensor, trained) : tensor;
  });
  return { ...proto, graph: { ...graph, node, initializer } };
}

function constantNode(item: NodeProto, trained: TensorProto | undefined): NodeProto {
  if (!trained) return item;
  const before = item.attribute[0]?.t ?? trained;
  const value = node("Constant", [], item.output, { value: asStored(before, trained) });
  return { ...item, attribute: value.attribute };
}

/** Trained numbers in the type of those that they replace. */
function asStored({ name, dataType, dims }: TensorProto, trained: TensorProto): TensorProto {
  const numbers = tensorNumbers(trained);
  const shape = dims.map(Number);
  switch (dataType) {
    case TensorProto_DataType.FLOAT16: {
      const halves = Uint16Array.from(numbers, halfBits);
      if (halves.some((half) => (half & 0x7c00) === 0x7c00))
        throw new AppError(
          "training-failed",
          `'${name}' has grown too large for float16, in which the network stores it; take a lower learning rate`,
        );
      return numbersTensor(name, "float16", halves, shape);
    }
    case TensorProto_DataType.DOUBLE:
      return numbersTensor(name, "float64", numbers, shape);
    default:
      return { ...trained, name };
  }
}
