import { type Backbone, cutPointByTensor, imageDims } from "../onnx/backbone.ts";
import {
  answerNodes,
  answerValue,
  backbonePart,
  embedModel,
  joinFragments,
  logitsNodes,
  logitsSource,
} from "../onnx/compose.ts";
import type { ValueInfoProto } from "../onnx/gen/onnx_pb.ts";
import { type Fragment, graph, model, value } from "../onnx/graph-builder.ts";
import { indexGraph } from "../onnx/graph-index.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import type { Head } from "./head.ts";

/** The batch of a model that runs many images at once: open if the backbone's is. */
export function batchDimension({ summary }: Backbone): number | string {
  return summary.input.dynamicBatch ? "batch" : 1;
}

export interface ExitOutput {
  readonly head: Head;
  /** Name of the graph output that receives what the head gives. */
  readonly output: string;
}

/**
 * The backbone with further outputs.
 * @param exits heads whose logits become outputs, in this order, before the rest
 * @param rest a fragment that reads tensors of the backbone, the tensors that it needs, and its outputs
 * @param form heads give their logits [N, classes], or them as the model's own output has its scores; float32
 */
export function multiExitModel(
  backbone: Backbone,
  exits: readonly ExitOutput[],
  rest: { fragment: Fragment; reads: readonly string[]; outputs: readonly ValueInfoProto[] },
  form: "logits" | "answer" = "logits",
): GraphModel {
  const { summary, proto } = backbone;
  const batch = batchDimension(backbone);
  const cuts = exits.map(({ head }) => cutPointByTensor(summary, head.cutPoint));
  const body = joinFragments([
    backbonePart(indexGraph(proto.graph), summary, undefined, [
      ...cuts.map((cut) => cut.tensor),
      ...rest.reads,
    ]),
    ...exits.map(({ head, output }) =>
      form === "logits"
        ? embedModel(head.model, head.cutPoint, output, `${output}/`)
        : joinFragments([
            embedModel(head.model, head.cutPoint, `${output}/logits`, `${output}/`),
            answerNodes(summary, batch, `${output}/logits`, output, `${output}/answer/`),
          ]),
    ),
    rest.fragment,
  ]);
  const outputs = exits.map(({ output }) =>
    form === "logits"
      ? value(output, "float32", [batch, summary.output.classes])
      : answerValue(summary, output, batch),
  );
  const image = value(summary.input.name, summary.input.type, imageDims(summary, batch));
  return model(graph(summary.name, body, [image], [...outputs, ...rest.outputs]), proto);
}

export const backboneLogits = "offramp/backbone-logits";

/** The rest of a multi-exit model that only gives the backbone's own logits, float32, as `backboneLogits`. */
export function ownLogits(backbone: Backbone): Parameters<typeof multiExitModel>[2] {
  const { summary } = backbone;
  return {
    fragment: logitsNodes(summary, logitsSource(summary), backboneLogits),
    reads: [logitsSource(summary)],
    outputs: [value(backboneLogits, "float32", [batchDimension(backbone), summary.output.classes])],
  };
}
