import { seededRandom } from "../../../shared/base/random.ts";
import type { CutPoint } from "../../../shared/model/backbone.ts";
import { hashBytes, hashOf } from "../base/hash.ts";
import {
  deployedLayer,
  type LayerValues,
  macsOf,
  parametersOf,
  statisticsOf,
  wireLayers,
} from "../nn/layers.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { joinFragments } from "../onnx/compose.ts";
import { graph, model, value } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { tensorBytes } from "../onnx/tensors.ts";
import type { HeadKind } from "./head-kind.ts";
import { headShape } from "./head-shape.ts";
import { pooledFeatures } from "./pooled-features.ts";

/** An exit head: a small ONNX model from its cut point's feature map to logits. */
export interface Head {
  readonly cutPoint: string;
  /** Id of its kind, or the output's name if it came with the model. */
  readonly kind: string;
  /** One input, the feature map; one output, logits [N, classes] float32. */
  readonly model: GraphModel;
  readonly macs: number;
  readonly bytes: number;
}

/** Identifies a head by its place and its whole content, for cache keys. */
export function headKey({ cutPoint, kind, model }: Pick<Head, "cutPoint" | "kind" | "model">): string {
  return hashOf([cutPoint, kind, hashBytes(encodeModel(model))]);
}

export const headTensors = { features: "features", logits: "logits" } as const;

/** The deployable head: pooling, then the kind's layers with what they learnt as constants. */
export function buildHead(
  cut: CutPoint,
  classes: number,
  kind: HeadKind,
  options: Record<string, unknown>,
  values: LayerValues,
): Head {
  const shape = headShape(cut, classes);
  const layers = kind.layers(shape, options);
  const pooling = kind.pooling(options);
  const tensors = wireLayers(
    layers,
    pooling.outputs.map((name) => `pooled/${name}`),
    headTensors.logits,
  );
  const stack = joinFragments(layers.map((layer, index) => deployedLayer(layer, tensors[index], values)));
  const fragment = joinFragments([
    pooledFeatures(cut, shape, pooling, headTensors.features, "pooled/"),
    stack,
  ]);
  const head = graph(
    kind.id,
    fragment,
    [value(headTensors.features, cut.type, ["batch", ...cut.shape.slice(1)])],
    [value(headTensors.logits, "float32", ["batch", classes])],
  );
  return {
    cutPoint: cut.tensor,
    kind: kind.id,
    model: model(head),
    macs: macsOf(layers),
    bytes: stack.initializers.reduce((sum, tensor) => sum + tensorBytes(tensor), 0),
  };
}

/** Heads with seeded random weights: their latency is that of trained ones, and neither data nor training is needed. */
export function untrainedHeads(
  { summary }: Backbone,
  choices: readonly { kind: HeadKind; options: Record<string, unknown> }[],
): Head[] {
  const random = seededRandom(1);
  const { classes } = summary.output;
  return summary.cutPoints.flatMap((cut) =>
    choices.map(({ kind, options }) => {
      const layers = kind.layers(headShape(cut, classes), options);
      const values = new Map(
        [...parametersOf(layers), ...statisticsOf(layers)].map(({ name, initial }) => [
          name,
          initial(random),
        ]),
      );
      return buildHead(cut, classes, kind, options, values);
    }),
  );
}
