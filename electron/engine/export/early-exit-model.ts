import type { BackboneSummary, CutPoint } from "../../../shared/model/backbone.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import { type Backbone, defaultOpset, imageDims, tensorInfo } from "../onnx/backbone.ts";
import {
  answerNodes,
  answerValue,
  backbonePart,
  embedModel,
  joinFragments,
  logitsNodes,
  logitsSource,
  renameFragment,
} from "../onnx/compose.ts";
import type { GraphProto, NodeProto } from "../onnx/gen/onnx_pb.ts";
import { clampNodes, type Fragment, graph, model, node, value } from "../onnx/graph-builder.ts";
import { type GraphIndex, indexGraph } from "../onnx/graph-index.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { joinedImports, raiseOpset } from "../onnx/raise-opset.ts";
import { floatTensor, intTensor } from "../onnx/tensors.ts";
import { type Decision, type DesignExit, exportedName, outputNames } from "./decision.ts";
import { decidingFragment, logProbabilitiesName, type Together } from "./ensemble.ts";
import { entryFragment } from "./network-entry.ts";
import { thresholdName } from "./operating-points.ts";
import { type PlannedImage, type PlannedNetwork, type Stage, stagesOf } from "./stages.ts";

/** The ends of float32: clamped between them, every value stays what it is. */
const everyFloat = [-3.4028234663852886e38, 3.4028234663852886e38] as const;

/** Networks in the order in which a sample meets them, and the images that they read. */
export interface PlannedNetworks {
  readonly networks: readonly PlannedNetwork[];
  /** The first network with the first image keeps the names of its tensors. */
  readonly images: readonly PlannedImage[];
  /** The model whose own output says in which form the plan answers, see `answerNodes`. */
  readonly answer: Pick<BackboneSummary, "output">;
  /** One per stage, where each answers for all up to it. */
  readonly ensemble?: Plan["ensemble"];
}

/** The whole plan for one network as one ONNX model, see `chainModel`. */
export function earlyExitModel(
  backbone: Backbone,
  exits: readonly DesignExit[],
  final: Decision,
  metadata: Readonly<Record<string, string>> = {},
): GraphModel {
  const network = { backbone, exits, end: final, entry: { kind: "same" as const }, image: 0, heads: [] };
  const { input } = backbone.summary;
  const images = [{ name: exportedName(input.name), backbone, input }];
  return chainModel({ networks: [network], images, answer: backbone.summary }, metadata);
}

/** A network as it is put into the model: which of the file's tensors are its own. */
interface EmbeddedNetwork {
  readonly index: GraphIndex;
  readonly summary: BackboneSummary;
  /** What its tensors are called; its image is the file's own where it reads that. */
  readonly named: (tensor: string) => string;
  /** From the file's image to its own. */
  readonly entry: Fragment;
}

interface EmbeddedStage extends Pick<Stage, "from" | "to" | "exit"> {
  readonly network: EmbeddedNetwork;
  /** Of what a sample leaves by at its end. */
  readonly decision: Decision;
  /** Absent at the end, where all leave. */
  readonly threshold?: number | string;
}

interface Assembly {
  readonly stages: readonly EmbeddedStage[];
  readonly opset: number;
  readonly answer: PlannedNetworks["answer"];
  readonly ensemble?: PlannedNetworks["ensemble"];
}

/**
 * The whole plan as one ONNX model for batch 1: `If` nested in `If`, one level an exit, outputs `logits` [1, K] (see
 * `answerNodes`), `exit` [1] (int64, from 0; the end of the last network last) and `confidence` [1]. Every branch holds
 * the weights that it uses, so that ONNX Runtime fuses and packs them as in the plain network; a later network lies in
 * the branch of those that no network before was sure of.
 * @throws AppError 'model-unsupported' if the networks' operator sets can't be brought to one
 */
export function chainModel(
  { networks, images, answer, ensemble }: PlannedNetworks,
  metadata: Readonly<Record<string, string>> = {},
): GraphModel {
  const imports = joinedImports(networks.map(({ backbone }) => backbone.proto));
  const opset = Math.max(...networks.map(({ backbone }) => defaultOpset(backbone.proto)));
  const raised = networks.map((network) => raisedNetwork(network, opset));
  const stages = raised.flatMap((network, place) => embeddedStages(network, place, images));
  const thresholds = stages.flatMap(({ threshold }) => (typeof threshold === "string" ? [threshold] : []));
  const main = stageGraph({ stages, opset, answer, ensemble }, 0, new Set(), [
    ...images.map((image) => value(image.name, image.input.type, imageDims(image, 1))),
    ...thresholds.map((name) => value(name, "float32", [])),
  ]);
  return model(main, { ...networks[0].backbone.proto, ...imports }, metadata);
}

/** In the operator set that all networks are brought to. */
function raisedNetwork(network: PlannedNetwork, opset: number): PlannedNetwork {
  const { summary, proto } = network.backbone;
  const raisedExit = (exit: DesignExit) => {
    const { head } = exit;
    return { ...exit, head: { ...head, model: raiseOpset(head.model, opset) } };
  };
  return {
    ...network,
    backbone: { summary: { ...summary, opset }, proto: raiseOpset(proto, opset) },
    exits: network.exits.map(raisedExit),
  };
}

function embeddedStages(
  network: PlannedNetwork,
  place: number,
  images: readonly PlannedImage[],
): EmbeddedStage[] {
  const embedded = embeddedNetwork(network, place, images);
  return stagesOf([network]).map(({ from, to, exit }) => {
    const decision = exit ?? network.end!;
    return { network: embedded, from, to, exit, decision, threshold: decision.threshold };
  });
}

/** Two networks may call their tensors alike: only the one that the first image was made for keeps its names. */
function embeddedNetwork(
  { backbone, entry, image }: PlannedNetwork,
  place: number,
  images: readonly PlannedImage[],
): EmbeddedNetwork {
  const { summary, proto } = backbone;
  const keepsNames = images[0].backbone.summary.sha256 === summary.sha256;
  const prefix = `offramp/network-${place}/`;
  const rename = keepsNames ? exportedName : (tensor: string) => prefix + tensor;
  const given = images[image].name;
  const own = entry.kind === "same" ? given : rename(summary.input.name);
  const nodes =
    entry.kind === "same"
      ? { nodes: [], initializers: [] }
      : entryFragment(entry.operators, given, own, `${prefix}entry/`, 1);
  const named = (tensor: string) => (tensor === summary.input.name ? own : rename(tensor));
  return { index: indexGraph(proto.graph), summary, named, entry: nodes };
}

/** Stage k: a network from its image or the cut point before to the next exit, that exit's decision; at last, the rest. */
function stageGraph(
  assembly: Assembly,
  stage: number,
  outer: ReadonlySet<string>,
  inputs: GraphProto["input"],
): GraphProto {
  const results = stage === 0 ? Object.values(outputNames) : resultNames(stage, "out");
  const answering = answeringFragment(assembly, stage, outer);
  const { threshold } = assembly.stages[stage];
  const body =
    threshold === undefined
      ? joinFragments([answering, resultNodes(assembly, stage, `offramp/${stage}/logits`, results)])
      : leavingFragment(assembly, stage, answering, threshold, outer, results);
  return graph(`stage ${stage}`, body, inputs, resultValues(results, assembly.answer));
}

function resultNames(stage: number, branch: string): string[] {
  return Object.values(outputNames).map((name) => `offramp/${stage}/${name}/${branch}`);
}

function resultValues([logits, exit, confidence]: readonly string[], answer: Assembly["answer"]) {
  return [answerValue(answer, logits, 1), value(exit, "int64", [1]), value(confidence, "float32", [1])];
}

function resultNodes(
  { answer }: Assembly,
  exit: number,
  ownLogits: string,
  [logits, number, confidence]: readonly string[],
): Fragment {
  const prefix = `offramp/${exit}/`;
  return joinFragments([
    answerNodes(answer, 1, ownLogits, logits, `${prefix}answer/`),
    {
      nodes: [
        node("Identity", [`${prefix}number`], [number]),
        node("Identity", [`${prefix}confidence`], [confidence]),
      ],
      initializers: [intTensor(`${prefix}number`, [exit])],
    },
  ]);
}

/** A stage up to its logits, called `offramp/k/logits`, and its confidence. */
function answeringFragment(assembly: Assembly, stage: number, outer: ReadonlySet<string>): Fragment {
  const { network, exit, decision } = assembly.stages[stage];
  const { summary, named } = network;
  const source = logitsSource(summary);
  const reads = exit ? [exit.cut.boundary, exit.cut.tensor] : [source];
  const ownLogits = (logits: string) =>
    exit
      ? embedModel(exit.head.model, named(exit.cut.tensor), logits, `offramp/${stage}/head/`)
      : logitsNodes(summary, named(source), logits);
  const form = { classes: summary.output.classes, opset: assembly.opset };
  return joinFragments([
    segment(assembly, stage, reads, outer),
    decidingFragment(stage, ownLogits, decision, togetherAt(assembly, stage), form),
  ]);
}

function togetherAt({ stages, ensemble }: Assembly, stage: number): Together | undefined {
  if (!ensemble) return undefined;
  const weights = ensemble[stage];
  if (stage === 0) return { weights };
  const { network } = stages[stage - 1];
  return { weights, before: capturedName(network, logProbabilitiesName(stage - 1), "float32") };
}

/** Whoever is sure leaves, all others go on to the next stage. */
function leavingFragment(
  assembly: Assembly,
  stage: number,
  answering: Fragment,
  threshold: number | string,
  outer: ReadonlySet<string>,
  results: readonly string[],
): Fragment {
  const prefix = `offramp/${stage}/`;
  const { network } = assembly.stages[stage];
  const limit = typeof threshold === "string" ? threshold : thresholdName(stage);
  const leave = resultNames(stage, "leave");
  const body = joinFragments([
    answering,
    captureFragment(assembly, network, `${prefix}logits`, "float32"),
    ...(assembly.ensemble
      ? [captureFragment(assembly, network, logProbabilitiesName(stage), "float32")]
      : []),
    boundaryFragment(assembly, stage),
    {
      nodes: [node("Less", [`${prefix}confidence`, limit], [`${prefix}unsure`])],
      initializers: typeof threshold === "string" ? [] : [floatTensor(limit, [threshold], [])],
    },
  ]);
  const names = new Set([...outer, ...namesIn(body)]);
  const branches = {
    then_branch: stageGraph(assembly, stage + 1, names, []),
    else_branch: graph(
      `leave at exit ${stage}`,
      resultNodes(assembly, stage, capturedName(network, `${prefix}logits`, "float32"), leave),
      [],
      resultValues(leave, assembly.answer),
    ),
  };
  return joinFragments([
    body,
    { nodes: [node("If", [`${prefix}unsure`], results, branches)], initializers: [] },
  ]);
}

/** What the next stage captures of this one, if it doesn't start from an image. */
function boundaryFragment(assembly: Assembly, stage: number): Fragment {
  const { network, from } = assembly.stages[stage + 1];
  if (!from) return { nodes: [], initializers: [] };
  const { type } = tensorInfo(network.summary, from.boundary);
  return captureFragment(assembly, network, network.named(from.boundary), type);
}

/**
 * The network's piece that ends at the tensors `to`. Constants that an outer stage uses as well are held twice,
 * under another name, since a subgraph must not redefine a name of the graph around it.
 */
function segment(
  assembly: Assembly,
  stage: number,
  to: readonly string[],
  outer: ReadonlySet<string>,
): Fragment {
  const { network, from } = assembly.stages[stage];
  const piece = backbonePart(network.index, network.summary, from, to);
  const start = from ? startNodes(network, from, `offramp/${stage}/entry`) : undefined;
  const renamed = renameFragment(piece, (name) => {
    if (start && name === from!.boundary) return start.tensor;
    const named = network.named(name);
    return outer.has(named) ? `offramp/${stage}/again/${name}` : named;
  });
  const before = start ? { nodes: start.nodes, initializers: [] } : network.entry;
  return joinFragments([before, renamed]);
}

/**
 * What a branch of a quantised model may capture. ONNX Runtime moves DequantizeLinear down past pooling and reshaping,
 * and up to version 1.30 at least dies if it meets a branch's capture there. A Clip that changes nothing stops it.
 */
function captureFragment(
  { opset }: Assembly,
  network: EmbeddedNetwork,
  tensor: string,
  type: string,
): Fragment {
  const captured = capturedName(network, tensor, type);
  if (captured === tensor) return { nodes: [], initializers: [] };
  return clampNodes(tensor, captured, everyFloat, opset);
}

function capturedName({ summary }: EmbeddedNetwork, tensor: string, type: string): string {
  return summary.precision === "int8" && type === "float32" ? `${tensor}/captured` : tensor;
}

/**
 * How a stage reads its cut point's boundary. ONNX Runtime's CPU provider keeps feature maps in a blocked layout
 * (NCHWc) from the first convolution on, but a tensor that crosses into a subgraph arrives in plain layout, and a
 * residual sum with one plain operand is neither blocked nor fused, all the way down the stage. A 1x1 max pooling,
 * which changes no value, brings the tensor into the blocked layout once. Maps with channels last and tokens have no
 * blocked layout.
 */
function startNodes(
  network: EmbeddedNetwork,
  { boundary, tensor, type, layout, shape }: CutPoint,
  entry: string,
): { tensor: string; nodes: NodeProto[] } {
  const boundaryType = tensorInfo(network.summary, boundary).type;
  const given = capturedName(network, network.named(boundary), boundaryType);
  const isMap = layout === "channels-first" && shape.length === 4;
  if (boundary !== tensor || type !== "float32" || !isMap) return { tensor: given, nodes: [] };
  return {
    tensor: entry,
    nodes: [node("MaxPool", [given], [entry], { kernel_shape: [1, 1], strides: [1, 1] })],
  };
}

function namesIn({ nodes, initializers }: Fragment): string[] {
  return [...nodes.flatMap((item) => item.output), ...initializers.map(({ name }) => name)];
}
