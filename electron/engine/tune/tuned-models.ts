import type { Head } from "../heads/head.ts";
import type { TensorProto } from "../onnx/gen/onnx_pb.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { exitOutputs, type TunedNetwork } from "./tuned-graph.ts";

/** The network's graphs with other weights. */
export interface TunedModels {
  readonly backbone: GraphModel;
  readonly heads: readonly Head[];
}

/** Puts trained tensors where the graphs have theirs. @param tensors by their names in the joint graph */
export function withWeights(network: TunedNetwork, tensors: ReadonlyMap<string, TensorProto>): TunedModels {
  const exits = exitOutputs(network);
  return {
    backbone: replaced(network.backbone.proto, tensors, ""),
    heads: exits.map(({ head, output }) => ({ ...head, model: replaced(head.model, tensors, `${output}/`) })),
  };
}

function replaced(proto: GraphModel, tensors: ReadonlyMap<string, TensorProto>, prefix: string): GraphModel {
  const own = (name: string) => tensors.get(prefix + name);
  const computed = new Set(proto.graph.node.flatMap(({ output }) => output.filter((name) => own(name))));
  const stored = [...computed].map((name) => ({ ...own(name)!, name }));
  return {
    ...proto,
    graph: {
      ...proto.graph,
      // What an operator filled before is stored now.
      node: proto.graph.node.filter(({ output }) => !computed.has(output[0])),
      initializer: [
        ...proto.graph.initializer.map((tensor) => {
          const found = own(tensor.name);
          return found ? { ...found, name: tensor.name } : tensor;
        }),
        ...stored,
      ],
    },
  };
}
