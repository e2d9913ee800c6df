import type { Head } from "../heads/head.ts";
import { backboneLogits, type ExitOutput, multiExitModel, ownLogits } from "../heads/multi-exit-model.ts";
import { type Backbone, cutPointByTensor, defaultOpset, imageDims } from "../onnx/backbone.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { storeConstants } from "./network/store-constants.ts";
import { type PythonNetwork, type TrainableGraph, writeNetwork } from "./network/write-network.ts";

/** A backbone and the exits that learn with it. */
export interface TunedNetwork {
  readonly backbone: Backbone;
  /** In the order of their places. */
  readonly heads: readonly Head[];
}

/** The same as one graph and as a PyTorch module. */
export interface WrittenNetwork {
  readonly proto: GraphModel;
  /** Tensors of the outputs' logits, the backbone's own last. */
  readonly outputs: TrainableGraph["outputs"];
  readonly python: PythonNetwork;
}

/** Names that a graph's tensors of each head begin with; see `multiExitModel`. */
export function exitOutputs({ backbone, heads }: TunedNetwork): ExitOutput[] {
  return heads.map((head) => ({
    head,
    output: `exit_${cutPointByTensor(backbone.summary, head.cutPoint).index}_${head.kind}`,
  }));
}

/** @throws AppError 'model-unsupported' that names the first node which PyTorch has no layer for */
export async function writeTunedNetwork(network: TunedNetwork): Promise<WrittenNetwork> {
  const { backbone } = network;
  const { summary } = backbone;
  const exits = exitOutputs(network);
  const proto = await storeConstants(multiExitModel(backbone, exits, ownLogits(backbone)));
  const dims = new Map<string, readonly number[]>([[summary.input.name, imageDims(summary, 1)]]);
  for (const { outputs } of summary.nodes) for (const { name, shape } of outputs) dims.set(name, shape);
  const outputs = [
    ...exits.map(({ output }) => ({ tensor: output, name: output })),
    { tensor: backboneLogits, name: "logits" },
  ];
  const title = `${summary.name} with ${exits.length} ${exits.length === 1 ? "exit" : "exits"}, as its ONNX graph has it.`;
  return {
    proto,
    outputs,
    python: writeNetwork({ proto, opset: defaultOpset(proto), outputs, dims, title }),
  };
}
