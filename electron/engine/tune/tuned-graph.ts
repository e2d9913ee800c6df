import { AppError } from "../../../shared/base/errors.ts";
import type { BackboneSummary } from "../../../shared/model/backbone.ts";
import type { Head } from "../heads/head.ts";
import { backboneLogits, type ExitOutput, multiExitModel, ownLogits } from "../heads/multi-exit-model.ts";
import { type Backbone, cutPointByTensor, defaultOpset, imageDims } from "../onnx/backbone.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { elementCount } from "../onnx/tensors.ts";
import { storeConstants } from "./network/graph/store-constants.ts";
import { widenFloats } from "./network/graph/widen-floats.ts";
import type { SeenTensor } from "./network/python/operator.ts";
import { type PythonNetwork, type TrainableGraph, writeNetwork } from "./network/write-network.ts";
import { observeTensors } from "./observe-tensors.ts";

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
  checkImage(summary);
  const exits = exitOutputs(network);
  const joint = multiExitModel(backbone, exits, ownLogits(backbone));
  const { proto, computed } = await storeConstants(widenFloats(joint));
  const outputs = [
    ...exits.map(({ output }) => ({ tensor: output, name: output })),
    { tensor: backboneLogits, name: "logits" },
  ];
  const title = `${summary.name} with ${exits.length} ${exits.length === 1 ? "exit" : "exits"}, as its ONNX graph has it.`;
  return {
    proto,
    outputs,
    python: writeNetwork({
      proto,
      computed,
      opset: defaultOpset(proto),
      outputs,
      seen: await seenTensors(proto, backbone),
      title,
    }),
  };
}

/** Training moves, mirrors and batches images: their axes have to be there. */
function checkImage({ name, input }: BackboneSummary): void {
  const { dims } = input;
  if (dims)
    throw new AppError(
      "model-unsupported",
      `${name} reads an image as [${dims.join(", ")}], and training needs [N, channels, height, width] or [N, height, width, channels]; export the model with an input of four axes`,
    );
}

/** What import saw of the backbone's tensors, and what a run shows of those of its heads. */
async function seenTensors(
  proto: GraphModel,
  { summary }: Backbone,
): Promise<ReadonlyMap<string, SeenTensor>> {
  const { name, type } = summary.input;
  const shape = imageDims(summary, 1);
  const seen = new Map<string, SeenTensor>([[name, { shape, type }]]);
  for (const { outputs } of summary.nodes) for (const output of outputs) seen.set(output.name, output);
  const unseen = proto.graph.node.flatMap(({ opType, output }) =>
    opType === "Constant" ? [] : output.filter((made) => made !== "" && !seen.has(made)),
  );
  const values = new Float32Array(elementCount(shape));
  const results = await observeTensors(proto, { values, dims: shape }, unseen);
  for (const [made, result] of Object.entries(results))
    seen.set(made, { shape: result.dims, type: result.type });
  return seen;
}
