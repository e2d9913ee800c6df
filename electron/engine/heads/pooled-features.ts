import { type CutPoint, featureMapOf } from "../../../shared/domain/backbone.ts";
import type { NodeProto, TensorProto } from "../onnx/gen/onnx_pb.ts";
import { type Fragment, node } from "../onnx/graph-builder.ts";
import { intTensor } from "../onnx/tensors.ts";
import type { HeadShape } from "./head-kind.ts";
import type { Features, Pooling } from "./pooling.ts";

/**
 * From a cut point's tensor as the backbone lays it out to the results of a pooling, called `prefix + output`.
 * @param from the tensor [N, ...], float32 or float16; everything made of it is float32
 */
export function pooledFeatures(
  cut: CutPoint,
  shape: HeadShape,
  pooling: Pooling,
  from: string,
  prefix: string,
): Fragment {
  const { features, nodes, initializers } = channelsFirst(cut, from, prefix);
  return { nodes: [...nodes, ...pooling.nodes(features, prefix, shape)], initializers };
}

/** The features as [N, C, H, W], and the class token beside them [N, C]. */
function channelsFirst(cut: CutPoint, from: string, prefix: string): Fragment & { features: Features } {
  const { shape, layout } = cut;
  const { channels, height, width, classToken } = featureMapOf(cut);
  const float = `${prefix}float`;
  const nodes: NodeProto[] = [node("Cast", [from], [float], { to: 1 })];
  const initializers: TensorProto[] = [];
  const features = { map: float, classToken: classToken === undefined ? undefined : `${prefix}class-token` };
  /** Tokens by their numbers; Gather, since Slice and Split changed their form between operator sets. */
  const gather = (numbers: readonly number[], to: string) => {
    initializers.push(intTensor(`${to}/numbers`, numbers));
    nodes.push(node("Gather", [float, `${to}/numbers`], [to], { axis: layout === "channels-first" ? 2 : 1 }));
  };
  const dims = [...shape];
  if (features.classToken) {
    const first = cut.patches!.first;
    gather([classToken!], `${prefix}token`);
    nodes.push(node("Flatten", [`${prefix}token`], [features.classToken]));
    const patches = Array.from({ length: height * width }, (_, at) => first + at);
    gather(patches, `${prefix}patches`);
    features.map = `${prefix}patches`;
    dims[layout === "channels-first" ? 2 : 1] = patches.length;
  }
  if (layout === "channels-last") {
    const last = shape.length - 1;
    const perm = [0, last, ...Array.from({ length: last - 1 }, (_, at) => at + 1)];
    nodes.push(node("Transpose", [features.map], [`${prefix}turned`], { perm }));
    features.map = `${prefix}turned`;
    dims.splice(1, last, dims[last], ...dims.slice(1, last));
  }
  if (dims.slice(1).join() !== [channels, height, width].join()) {
    // A zero keeps the batch as it is.
    initializers.push(intTensor(`${prefix}map/shape`, [0, channels, height, width]));
    nodes.push(node("Reshape", [features.map, `${prefix}map/shape`], [`${prefix}map`]));
    features.map = `${prefix}map`;
  }
  return { features, nodes, initializers };
}
