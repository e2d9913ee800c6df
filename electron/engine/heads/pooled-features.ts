import { type CutPoint, type FeatureMap, featureMapOf } from "../../../shared/model/backbone.ts";
import { joinFragments } from "../onnx/compose.ts";
import { type Fragment, node } from "../onnx/graph-builder.ts";
import { intTensor } from "../onnx/tensors.ts";
import type { HeadShape } from "./head-shape.ts";
import type { Features, Pooling } from "./pooling.ts";

/** What has been made of a cut point's tensor so far. */
interface Step extends Features {
  /** Of `map`, at batch 1. */
  readonly dims: readonly number[];
  readonly fragment: Fragment;
}

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
  const map = featureMapOf(cut);
  const float = `${prefix}float`;
  const cast = fragment([node("Cast", [from], [float], { to: 1 })]);
  const parted = withoutClassToken({ map: float, dims: cut.shape, fragment: cast }, cut, map, prefix);
  const turned = cut.layout === "channels-last" ? channelsSecond(parted, prefix) : parted;
  const features = spread(turned, map, prefix);
  return joinFragments([features.fragment, fragment(pooling.nodes(features, prefix, shape))]);
}

function fragment(nodes: Fragment["nodes"], initializers: Fragment["initializers"] = []): Fragment {
  return { nodes, initializers };
}

/** Separates the class token [N, C] from the patches. By Gather, since Slice and Split changed their form between operator sets. */
function withoutClassToken(
  step: Step,
  cut: CutPoint,
  { classToken, height, width }: FeatureMap,
  prefix: string,
): Step {
  if (classToken === undefined) return step;
  const { first } = cut.patches!;
  const axis = cut.layout === "channels-first" ? 2 : 1;
  const patches = Array.from({ length: height * width }, (_, at) => first + at);
  const gather = (numbers: readonly number[], to: string) =>
    fragment(
      [node("Gather", [step.map, `${to}/numbers`], [to], { axis })],
      [intTensor(`${to}/numbers`, numbers)],
    );
  return {
    map: `${prefix}patches`,
    classToken: `${prefix}class-token`,
    dims: step.dims.map((size, at) => (at === axis ? patches.length : size)),
    fragment: joinFragments([
      step.fragment,
      gather([classToken], `${prefix}token`),
      fragment([node("Flatten", [`${prefix}token`], [`${prefix}class-token`])]),
      gather(patches, `${prefix}patches`),
    ]),
  };
}

/** From [N, positions..., C] to [N, C, positions...]. */
function channelsSecond(step: Step, prefix: string): Step {
  const last = step.dims.length - 1;
  const perm = [0, last, ...Array.from({ length: last - 1 }, (_, at) => at + 1)];
  const turn = fragment([node("Transpose", [step.map], [`${prefix}turned`], { perm })]);
  return {
    ...step,
    map: `${prefix}turned`,
    dims: perm.map((axis) => step.dims[axis]),
    fragment: joinFragments([step.fragment, turn]),
  };
}

/** From [N, C, positions...] to [N, C, H, W], where it isn't so already. */
function spread(step: Step, { channels, height, width }: FeatureMap, prefix: string): Step {
  if (String(step.dims.slice(1)) === String([channels, height, width])) return step;
  const map = `${prefix}map`;
  // A zero keeps the batch as it is.
  const reshape = fragment(
    [node("Reshape", [step.map, `${map}/shape`], [map])],
    [intTensor(`${map}/shape`, [0, channels, height, width])],
  );
  return { ...step, map, fragment: joinFragments([step.fragment, reshape]) };
}
