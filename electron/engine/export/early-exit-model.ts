import type { BackboneSummary, CutPoint } from "../../../shared/model/backbone.ts";
import type { Head } from "../heads/head.ts";
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
import { floatTensor, intTensor } from "../onnx/tensors.ts";
import type { ExitPolicy } from "../policies/exit-policy.ts";

/** How an output decides: its policy, and the temperature that its logits are divided by. */
export interface Decision {
  readonly policy: ExitPolicy;
  readonly temperature: number;
  /** What a policy of thresholds per class shifts confidences by [classes], log odds; nothing if absent. */
  readonly classOffsets?: Float32Array;
}

/** One exit of a plan with all that its deployment needs. */
export interface DesignExit extends Decision {
  readonly cut: CutPoint;
  readonly head: Head;
  /** A number, or the name of a scalar graph input. */
  readonly threshold: number | string;
}

export const outputNames = { logits: "logits", exit: "exit", confidence: "confidence" } as const;

const outputs = new Set<string>(Object.values(outputNames));

/** The ends of float32: clamped between them, every value stays what it is. */
const everyFloat = [-3.4028234663852886e38, 3.4028234663852886e38] as const;

/** What a tensor of the backbone is called in an export: another name if an output of the export bears its own. */
export function exportedName(tensor: string): string {
  return outputs.has(tensor) ? `offramp/backbone/${tensor}` : tensor;
}

/** Logits [N, K] called `name/logits` to confidence [N] called `name/confidence`. */
export function decisionFragment(
  name: string,
  { policy, temperature, classOffsets }: Decision,
  classes: number,
  opset: number,
): Fragment {
  const logits = `${name}/logits`;
  const scaled = temperature === 1 ? logits : `${name}/scaled`;
  const probabilities = `${name}/probabilities`;
  const scale: Fragment =
    temperature === 1
      ? { nodes: [], initializers: [] }
      : {
          nodes: [node("Mul", [logits, `${name}/inverse-temperature`], [scaled])],
          initializers: [floatTensor(`${name}/inverse-temperature`, [1 / temperature], [])],
        };
  return joinFragments([
    scale,
    { nodes: [node("Softmax", [scaled], [probabilities], { axis: 1 })], initializers: [] },
    policy.nodes({
      logits,
      probabilities,
      confidence: `${name}/confidence`,
      classes,
      opset,
      classOffsets: classOffsets ?? new Float32Array(classes),
    }),
  ]);
}

interface Assembly {
  readonly index: GraphIndex;
  readonly summary: BackboneSummary;
  readonly opset: number;
  readonly exits: readonly DesignExit[];
  readonly final: Decision;
}

/**
 * The whole plan as one ONNX model for batch 1: `If` nested in `If`, one level an exit, outputs `logits` [1, K] (see
 * `answerNodes`), `exit` [1] (int64, from 0; the backbone's own output last) and `confidence` [1]. Every branch holds the weights
 * that it uses, so that ONNX Runtime fuses and packs them as in the plain backbone.
 */
export function earlyExitModel(
  backbone: Backbone,
  exits: readonly DesignExit[],
  final: Decision,
  metadata: Readonly<Record<string, string>> = {},
): GraphModel {
  const { summary, proto } = backbone;
  const assembly = { index: indexGraph(proto.graph), summary, opset: defaultOpset(proto), exits, final };
  const thresholds = exits.flatMap(({ threshold }) => (typeof threshold === "string" ? [threshold] : []));
  const main = stageGraph(assembly, 0, new Set(), [
    value(exportedName(summary.input.name), summary.input.type, imageDims(summary, 1)),
    ...thresholds.map((name) => value(name, "float32", [])),
  ]);
  return model(main, proto, metadata);
}

/** Stage k: the backbone from the cut point before to the next one, its head, its decision; beyond the last, the rest. */
function stageGraph(
  assembly: Assembly,
  stage: number,
  outer: ReadonlySet<string>,
  inputs: GraphProto["input"],
): GraphProto {
  const results = stage === 0 ? Object.values(outputNames) : resultNames(stage, "out");
  const body =
    stage < assembly.exits.length
      ? exitStage(assembly, stage, outer, results)
      : finalStage(assembly, stage, outer, results);
  return graph(`stage ${stage}`, body, inputs, resultValues(results, assembly.summary));
}

function resultNames(stage: number, branch: string): string[] {
  return Object.values(outputNames).map((name) => `offramp/${stage}/${name}/${branch}`);
}

function resultValues([logits, exit, confidence]: readonly string[], summary: BackboneSummary) {
  return [answerValue(summary, logits, 1), value(exit, "int64", [1]), value(confidence, "float32", [1])];
}

function resultNodes(
  summary: BackboneSummary,
  exit: number,
  ownLogits: string,
  [logits, number, confidence]: readonly string[],
): Fragment {
  const prefix = `offramp/${exit}/`;
  return joinFragments([
    answerNodes(summary, 1, ownLogits, logits, `${prefix}answer/`),
    {
      nodes: [
        node("Identity", [`${prefix}number`], [number]),
        node("Identity", [`${prefix}confidence`], [confidence]),
      ],
      initializers: [intTensor(`${prefix}number`, [exit])],
    },
  ]);
}

function exitStage(
  assembly: Assembly,
  stage: number,
  outer: ReadonlySet<string>,
  results: readonly string[],
): Fragment {
  const prefix = `offramp/${stage}/`;
  const { exits, opset, summary } = assembly;
  const exit = exits[stage];
  const part = segment(assembly, stage, [exit.cut.boundary, exit.cut.tensor], outer);
  const threshold = typeof exit.threshold === "string" ? exit.threshold : `${prefix}threshold`;
  const leave = resultNames(stage, "leave");
  const body = joinFragments([
    part,
    embedModel(exit.head.model, exportedName(exit.cut.tensor), `${prefix}logits`, `${prefix}head/`),
    decisionFragment(`offramp/${stage}`, exit, summary.output.classes, opset),
    captureFragment(assembly, `${prefix}logits`, "float32"),
    captureFragment(assembly, exportedName(exit.cut.boundary), tensorInfo(summary, exit.cut.boundary).type),
    {
      nodes: [node("Less", [`${prefix}confidence`, threshold], [`${prefix}unsure`])],
      initializers: typeof exit.threshold === "string" ? [] : [floatTensor(threshold, [exit.threshold], [])],
    },
  ]);
  const names = new Set([...outer, ...namesIn(body)]);
  const branches = {
    then_branch: stageGraph(assembly, stage + 1, names, []),
    else_branch: graph(
      `leave at exit ${stage}`,
      resultNodes(summary, stage, capturedName(assembly, `${prefix}logits`, "float32"), leave),
      [],
      resultValues(leave, summary),
    ),
  };
  return joinFragments([
    body,
    { nodes: [node("If", [`${prefix}unsure`], results, branches)], initializers: [] },
  ]);
}

function finalStage(
  assembly: Assembly,
  stage: number,
  outer: ReadonlySet<string>,
  results: readonly string[],
): Fragment {
  const { summary, opset, final } = assembly;
  const prefix = `offramp/${stage}/`;
  return joinFragments([
    segment(assembly, stage, [logitsSource(summary)], outer),
    logitsNodes(summary, exportedName(logitsSource(summary)), `${prefix}logits`),
    decisionFragment(`offramp/${stage}`, final, summary.output.classes, opset),
    resultNodes(summary, stage, `${prefix}logits`, results),
  ]);
}

/**
 * The backbone's piece that ends at the tensors `to`. Constants that an outer stage uses as well are held twice,
 * under another name, since a subgraph must not redefine a name of the graph around it.
 */
function segment(
  assembly: Assembly,
  stage: number,
  to: readonly string[],
  outer: ReadonlySet<string>,
): Fragment {
  const { index, summary, exits } = assembly;
  const from = stage > 0 ? exits[stage - 1].cut : undefined;
  const piece = backbonePart(index, summary, from, to);
  if (!from) return renameFragment(piece, exportedName);
  const entry = entryNodes(assembly, from, `offramp/${stage}/entry`);
  const renamed = renameFragment(piece, (name) => {
    if (name === from.boundary) return entry.tensor;
    return outer.has(name) ? `offramp/${stage}/again/${name}` : exportedName(name);
  });
  return joinFragments([{ nodes: entry.nodes, initializers: [] }, renamed]);
}

/**
 * What a branch of a quantised model may capture. ONNX Runtime moves DequantizeLinear down past pooling and reshaping,
 * and up to version 1.30 at least dies if it meets a branch's capture there. A Clip that changes nothing stops it.
 */
function captureFragment(assembly: Assembly, tensor: string, type: string): Fragment {
  const captured = capturedName(assembly, tensor, type);
  if (captured === tensor) return { nodes: [], initializers: [] };
  return clampNodes(tensor, captured, everyFloat, assembly.opset);
}

function capturedName({ summary }: Assembly, tensor: string, type: string): string {
  return summary.precision === "int8" && type === "float32" ? `${tensor}/captured` : tensor;
}

/**
 * How a stage reads its cut point's boundary. ONNX Runtime's CPU provider keeps feature maps in a blocked layout
 * (NCHWc) from the first convolution on, but a tensor that crosses into a subgraph arrives in plain layout, and a
 * residual sum with one plain operand is neither blocked nor fused, all the way down the stage. A 1x1 max pooling,
 * which changes no value, brings the tensor into the blocked layout once. Maps with channels last and tokens have no
 * blocked layout.
 */
function entryNodes(
  assembly: Assembly,
  { boundary, tensor, type, layout, shape }: CutPoint,
  entry: string,
): { tensor: string; nodes: NodeProto[] } {
  const boundaryType = tensorInfo(assembly.summary, boundary).type;
  const given = capturedName(assembly, exportedName(boundary), boundaryType);
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
