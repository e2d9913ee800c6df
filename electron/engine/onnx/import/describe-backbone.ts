import { AppError } from "../../../../shared/base/errors.ts";
import { boundMessage } from "../../../../shared/base/plain-text.ts";
import type { BackboneInput, BackboneSummary, GraphNode } from "../../../../shared/model/backbone.ts";
import type { Warning } from "../../../../shared/model/warning.ts";
import { defaultOpset } from "../backbone.ts";
import { type AttributeProto, AttributeProto_AttributeType } from "../gen/onnx_pb.ts";
import { type GraphIndex, indexGraph, isConstant, nodesBehind } from "../graph-index.ts";
import type { ModelIdentity } from "../model-identity.ts";
import type { ProbeResult } from "../probe/model-probe.ts";
import { describeScores } from "./analysis/class-scores.ts";
import {
  type NodeCost,
  nodeCosts,
  parameterTotals,
  peakActivationBytes,
  type TensorTable,
} from "./analysis/costs.ts";
import { findCutPoints } from "./analysis/cut-points.ts";
import type { ScoreOutputs } from "./choose-outputs.ts";
import { exitWarnings, importWarnings } from "./import-warnings.ts";
import type { CheckedModel } from "./reading/read-model.ts";

/** A model whose graph has been reduced to its classifier. */
export interface Classifier {
  readonly model: Omit<CheckedModel, "sha256">;
  /** See `BackboneSummary.fileSha256`. */
  readonly fileSha256: string;
  readonly input: BackboneInput;
  readonly scores: ScoreOutputs;
  /** Types and shapes of all tensors, at batch 1. */
  readonly tensors: TensorTable;
  /** Of what was found on the way. */
  readonly warnings: readonly Warning[];
}

/**
 * What there is to know about a backbone but who it is: costs, cut points, and what a person should be told. Of its ready exits
 * those that stand at no cut point are left out.
 * @throws AppError 'model-unsupported' if there is no place to cut
 */
export function describeBackbone(
  classifier: Classifier,
  probe: ProbeResult,
): Omit<BackboneSummary, keyof ModelIdentity> {
  const { model, fileSha256, input, scores, tensors } = classifier;
  const { name, where, proto, irVersion } = model;
  const { graph } = proto;
  const opset = defaultOpset(proto);
  const index = indexGraph(graph);
  const costs = nodeCosts(index, tensors);
  const measured = { index, tensors, costs, image: input.name, imageLayout: input.layout };
  const { cutPoints, readyExits, unplaced } = findCutPoints(measured, scores.main, scores.exits);
  if (cutPoints.length === 0) throw noCutPoint(where);
  const behind = nodesBehind(index, scores.main);
  const kindOf = (exit: string) => describeScores(index, probe, exit, opset).kind;
  const output = describeScores(index, probe, scores.main, opset);
  const answers = probe.outputs.get(output.name) ?? [];
  const macs = behind.reduce((sum, number) => sum + costs[number].macs, 0);
  const warnings = [
    ...classifier.warnings,
    ...exitWarnings(readyExits, unplaced, macs),
    ...importWarnings(graph, opset, output, answers),
  ];
  return {
    name,
    fileSha256,
    producer: [proto.producerName, proto.producerVersion].filter(Boolean).join(" "),
    irVersion,
    opset,
    input,
    output,
    otherOutputs: scores.others,
    precision: findPrecision(index, tensors, costs, behind),
    nodes: graphNodes(index, tensors, costs, [scores.main, ...readyExits.map((exit) => exit.output)]),
    cutPoints,
    readyExits: readyExits.map((exit) => ({ ...exit, kind: kindOf(exit.output) })),
    warnings: warnings.map(plainWarning),
    macs,
    ...parameterTotals(index, tensors, behind),
    peakActivationBytes: peakActivationBytes(index, tensors, behind, input.name, scores.main),
  };
}

/** Names stand in warnings as the file has them. */
function plainWarning({ code, text }: Warning): Warning {
  return { code, text: boundMessage(text) };
}

function noCutPoint(where: string): AppError {
  return new AppError(
    "model-unsupported",
    `${where} has no place to cut: no feature map or row of tokens that every path crosses, with two more weighted operators behind it`,
  );
}

function findPrecision(
  index: GraphIndex,
  tensors: TensorTable,
  costs: readonly NodeCost[],
  behind: readonly number[],
): BackboneSummary["precision"] {
  if (behind.some((number) => /QLinear|Integer|DequantizeLinear/.test(index.nodes[number].opType)))
    return "int8";
  const heaviest = behind.reduce((max, number) => (costs[number].macs > costs[max].macs ? number : max));
  return tensors.get(index.nodes[heaviest].output[0])?.type === "float16" ? "float16" : "float32";
}

/** The nodes between the image and the outputs, ready exits included. */
function graphNodes(
  index: GraphIndex,
  tensors: TensorTable,
  costs: readonly NodeCost[],
  outputs: readonly string[],
): GraphNode[] {
  const shown = new Set(nodesBehind(index, ...outputs));
  return index.nodes.flatMap((node, number) => {
    if (!shown.has(number)) return [];
    return {
      name: node.name,
      operator: node.opType,
      inputs: index.reads[number].filter((name) => !isConstant(index, name)),
      outputs: node.output.flatMap((name) => {
        const tensor = tensors.get(name);
        if (tensor) return { name, shape: tensor.dims, type: tensor.type };
        // Values that aren't tensors can't be observed, yet they join operators.
        return index.consumers.has(name) ? { name, shape: [], type: "sequence" } : [];
      }),
      ...costs[number],
      attributes: Object.fromEntries(
        node.attribute.map((attribute) => [attribute.name, attributeText(attribute).slice(0, longestText)]),
      ),
    };
  });
}

/** Characters of an attribute that people get to see. */
const longestText = 100;

/** Attribute values as text; tensors and graphs by their kind alone. */
function attributeText(attribute: AttributeProto): string {
  const Type = AttributeProto_AttributeType;
  switch (attribute.type) {
    case Type.INT:
      return String(attribute.i);
    case Type.FLOAT:
      return String(attribute.f);
    case Type.STRING:
      // A character takes up to four bytes.
      return new TextDecoder().decode(attribute.s.subarray(0, 4 * longestText));
    case Type.INTS:
      return attribute.ints.slice(0, longestText).join(", ");
    case Type.FLOATS:
      return attribute.floats.slice(0, longestText).join(", ");
    default:
      return (Type[attribute.type] ?? "unknown").toLowerCase();
  }
}
