import { createHash } from "node:crypto";
import type { BackboneSummary, GraphNode } from "../../../shared/domain/backbone.ts";
import { AppError } from "../../../shared/errors.ts";
import type { Job } from "../../../shared/job.ts";
import { type Backbone, defaultOpset, imageDims } from "./backbone.ts";
import { checkModel } from "./check-model.ts";
import { describeScores, findScoreOutputs } from "./class-scores.ts";
import { decodeModel } from "./codec.ts";
import { type NodeCost, nodeCosts, parameterTotals, peakActivationBytes, type TensorTable } from "./costs.ts";
import { findCutPoints } from "./cut-points.ts";
import { resolveExternalData } from "./external-data.ts";
import { type AttributeProto, AttributeProto_AttributeType, type ModelProto } from "./gen/onnx_pb.ts";
import { type GraphIndex, indexGraph, isConstant, nodesBehind } from "./graph-index.ts";
import { findImageInput, fixImageSize, type InputSize } from "./image-input.ts";
import { type ModelFile, readModelFile } from "./model-file.ts";
import { type ProbeLimits, probeModel } from "./model-probe.ts";
import { elementTypeName } from "./tensors.ts";

export interface ImportOptions {
  /** Needed if the model leaves height and width open. */
  readonly inputSize?: InputSize;
  readonly limits?: ProbeLimits;
}

/** Key of `metadata_props` under which our exports keep their plan. */
export const planMetadataKey = "offramp.plan";

/**
 * Reads a trained image classifier: checks it, runs it once in a process of its own, and finds its cut points.
 * The graph that comes back has external data inside, functions inlined, nodes in order and uniquely named, constants
 * that aren't inputs, and the image's channels, height and width fixed.
 * @param path an ONNX file; its external data may lie beside it
 * @throws AppError 'file-not-found', 'file-unreadable', 'model-invalid', 'model-unsupported', 'model-crashed',
 *   'usage' (input size contradicts the model), 'cancelled'
 */
export async function importModel(path: string, options: ImportOptions, job: Job): Promise<Backbone> {
  job.report(0, 3, "reading the model");
  const file = await readModelFile(path);
  const { proto, sha256, irVersion } = await readCheckedModel(file);
  await job.pause();

  job.report(1, 3, "running the model once");
  const { where } = file;
  const graph = proto.graph!;
  const index = indexGraph(graph);
  const declared = findImageInput(graph, index, where, options.inputSize);
  fixImageSize(graph, declared);
  const { name, type, dynamicBatch } = declared;
  const image = { name, type, dims: imageDims({ input: declared }, 1) };
  const probe = await probeModel(proto, { ...image, dynamicBatch }, where, job, options.limits);
  const input = { ...declared, dynamicBatch: probe.dynamicBatch };
  await job.pause();

  job.report(2, 3, "finding cut points");
  const tensors: TensorTable = new Map([...constantTensors(index), [input.name, image], ...probe.tensors]);
  const costs = nodeCosts(index, tensors);
  const outputs = graph.output.map((output) => output.name);
  const scores = findScoreOutputs(index, tensors, costs, outputs, where);
  const measured = { index, tensors, costs, image: input.name, imageLayout: input.layout };
  const cuts = findCutPoints(measured, scores.main, scores.exits);
  if (cuts.cutPoints.length === 0) throw noCutPoint(index, where);
  const behind = nodesBehind(index, scores.main);
  const summary: BackboneSummary = {
    name: file.name,
    sha256,
    producer: [proto.producerName, proto.producerVersion].filter(Boolean).join(" "),
    irVersion,
    opset: defaultOpset(proto),
    input,
    output: describeScores(index, probe, scores, defaultOpset(proto)),
    precision: findPrecision(index, tensors, costs, behind),
    nodes: graphNodes(index, tensors, costs, outputs),
    ...cuts,
    macs: behind.reduce((sum, number) => sum + costs[number].macs, 0),
    ...parameterTotals(index, tensors, behind),
    peakActivationBytes: peakActivationBytes(index, tensors, behind, input.name, scores.main),
  };
  job.report(3, 3);
  return { summary, proto };
}

async function readCheckedModel({
  bytes,
  where,
  folder,
}: ModelFile): Promise<{ proto: ModelProto; sha256: string; irVersion: number }> {
  const proto = decodeModel(bytes, where);
  if (proto.metadataProps.some(({ key }) => key === planMetadataKey))
    throw new AppError(
      "model-unsupported",
      `${where} is an early-exit network that Offramp exported; open the model it was made from`,
    );
  checkModel(proto, where);
  const irVersion = Number(proto.irVersion);
  fixConstants(proto);
  const hash = createHash("sha256").update(bytes);
  for (const external of await resolveExternalData(proto, folder, where)) hash.update(external);
  return { proto, sha256: hash.digest("hex"), irVersion };
}

/** The first IR version in which a constant need not be an input. */
const separateConstants = 4n;

/**
 * Old files list constants among the inputs, where a caller may replace them. ONNX Runtime then neither folds nor
 * packs them, and nobody replaces the weights of a trained network.
 */
function fixConstants(proto: ModelProto): void {
  const graph = proto.graph!;
  const constants = new Set(graph.initializer.map(({ name }) => name));
  graph.input = graph.input.filter(({ name }) => !constants.has(name));
  if (proto.irVersion < separateConstants) proto.irVersion = separateConstants;
}

function* constantTensors(index: GraphIndex): Generator<[string, { type: string; dims: number[] }]> {
  for (const [name, tensor] of index.initializers)
    yield [name, { type: elementTypeName(tensor.dataType)!, dims: tensor.dims.map(Number) }];
}

function noCutPoint({ nodes }: GraphIndex, where: string): AppError {
  if (nodes.some((node) => node.opType === "QLinearConv"))
    return new AppError(
      "model-unsupported",
      `${where} is quantised in operator format (QLinearConv), which leaves no float tensor for an exit to read; quantise it in QDQ format`,
    );
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
  const heaviest = behind.reduce((most, number) => (costs[number].macs > costs[most].macs ? number : most));
  return tensors.get(index.nodes[heaviest].output[0])?.type === "float16" ? "float16" : "float32";
}

/** The nodes between the image and the outputs, ready exits included. */
function graphNodes(
  index: GraphIndex,
  tensors: TensorTable,
  costs: readonly NodeCost[],
  outputs: readonly string[],
): GraphNode[] {
  const shown = new Set(outputs.flatMap((output) => nodesBehind(index, output)));
  return index.nodes.flatMap((node, number) => {
    if (!shown.has(number)) return [];
    return {
      name: node.name,
      operator: node.opType,
      inputs: index.reads[number].filter((name) => !isConstant(index, name)),
      outputs: node.output.flatMap((name) => {
        const tensor = tensors.get(name);
        return tensor ? { name, shape: tensor.dims, type: tensor.type } : [];
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
      return new TextDecoder().decode(attribute.s);
    case Type.INTS:
      return attribute.ints.join(", ");
    case Type.FLOATS:
      return attribute.floats.join(", ");
    default:
      return (Type[attribute.type] ?? "unknown").toLowerCase();
  }
}
