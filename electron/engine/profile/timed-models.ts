import { type Random, randomInteger, randomNormal } from "../../../shared/base/random.ts";
import type { CutPoint } from "../../../shared/model/backbone.ts";
import { decisionFragment, exportedName } from "../export/decision.ts";
import { earlyExitModel } from "../export/early-exit-model.ts";
import type { Head } from "../heads/head.ts";
import { type Backbone, defaultOpset, imageDims } from "../onnx/backbone.ts";
import { embedModel, joinFragments } from "../onnx/compose.ts";
import { graph, model, node, value } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { imageOfType, isInteger } from "../onnx/image-types.ts";
import type { ImageType } from "../onnx/probe/model-probe-protocol.ts";
import { type RuntimeTensor, runtimeTensor } from "../onnx/runtime.ts";
import { elementCount } from "../onnx/tensors.ts";
import type { ExitPolicy } from "../policies/exit-policy.ts";
import { top1 } from "../policies/top1.ts";

/** A head at a cut point, to be timed. */
export interface ProfileSubject {
  readonly cut: CutPoint;
  readonly head: Head;
}

/** A model to be timed and what it is fed. */
export interface TimedModel {
  readonly proto: GraphModel;
  readonly feeds: Readonly<Record<string, RuntimeTensor>>;
}

/** Temperatures other than 1, as calibration finds them, so that the scaling is timed too. */
const temperature = 1.5;
const finalDecision = { policy: top1, temperature };

/** Noise of a type and shape: normal for floats, uniform within seven bits for integers. */
export function noise(type: ImageType, dims: readonly number[], random: Random): RuntimeTensor {
  const length = elementCount(dims);
  const draw = isInteger(type) ? () => randomInteger(random, 128) : () => randomNormal(random);
  const values = Float32Array.from({ length }, draw);
  return imageOfType(type, type === "uint8" ? Uint8Array.from(values) : values, dims);
}

/** An image of noise, as the backbone is fed. */
export function randomImage({ summary }: Backbone, random: Random): TimedModel["feeds"] {
  const { name, type } = summary.input;
  return { [name]: noise(type, imageDims(summary, 1), random) };
}

/** The same, as an export is fed. */
function exportFeeds({ summary }: Backbone, image: TimedModel["feeds"]): TimedModel["feeds"] {
  const { name } = summary.input;
  return { [exportedName(name)]: image[name] };
}

/** The backbone as the last stage of a plan: it also states its confidence. */
export function finalModel(backbone: Backbone, image: TimedModel["feeds"]): TimedModel {
  return { proto: earlyExitModel(backbone, [], finalDecision), feeds: exportFeeds(backbone, image) };
}

/** Name of the scalar input that forces a decision. */
const forcedThreshold = "offramp/threshold";

/**
 * The network with this one exit, its decision forced: confidences lie between 0 and 1, so a threshold below them lets
 * all leave, and one above lets all pass.
 */
export function forcedExitModels(
  backbone: Backbone,
  { cut, head }: ProfileSubject,
  policy: ExitPolicy,
  image: TimedModel["feeds"],
): { leave: TimedModel; pass: TimedModel } {
  const exit = { cut, head, policy, temperature, threshold: forcedThreshold };
  const proto = earlyExitModel(backbone, [exit], finalDecision);
  const forced = (threshold: number) => ({
    proto,
    feeds: {
      ...exportFeeds(backbone, image),
      [forcedThreshold]: runtimeTensor("float32", Float32Array.of(threshold), []),
    },
  });
  return { leave: forced(-1), pass: forced(2) };
}

/** The head and its decision alone, on a feature map of noise. */
export function headModel(
  backbone: Backbone,
  { cut, head }: ProfileSubject,
  policy: ExitPolicy,
  random: Random,
): TimedModel {
  const { classes } = backbone.summary.output;
  const decision = decisionFragment("timed", { policy, temperature }, classes, defaultOpset(backbone.proto));
  const fragment = joinFragments([
    embedModel(head.model, "features", "timed/logits", "timed/head/"),
    decision,
  ]);
  const inputs = [value("features", cut.type, [...cut.shape])];
  const outputs = [value("timed/confidence", "float32", [1])];
  const proto = model(graph("head", fragment, inputs, outputs), backbone.proto);
  return { proto, feeds: { features: noise(cut.type, cut.shape, random) } };
}

/** A policy's decision alone. */
export function decisionModel({ summary, proto }: Backbone, policy: ExitPolicy, random: Random): TimedModel {
  const { classes } = summary.output;
  const fragment = decisionFragment("timed", { policy, temperature }, classes, defaultOpset(proto));
  const inputs = [value("timed/logits", "float32", [1, classes])];
  const timed = model(
    graph("decision", fragment, inputs, [value("timed/confidence", "float32", [1])]),
    proto,
  );
  return { proto: timed, feeds: { "timed/logits": noise("float32", [1, classes], random) } };
}

/** Almost nothing: what any run takes. */
export function emptyModel({ proto }: Backbone): TimedModel {
  const fragment = { nodes: [node("Identity", ["in"], ["out"])], initializers: [] };
  const empty = graph("empty", fragment, [value("in", "float32", [1])], [value("out", "float32", [1])]);
  return { proto: model(empty, proto), feeds: { in: runtimeTensor("float32", new Float32Array(1), [1]) } };
}
