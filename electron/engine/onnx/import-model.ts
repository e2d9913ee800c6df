import { createHash } from "node:crypto";
import type { BackboneSummary, GraphNode } from "../../../shared/domain/backbone.ts";
import { AppError } from "../../../shared/errors.ts";
import type { Job } from "../../../shared/job.ts";
import { hashOf } from "../cache.ts";
import { type Backbone, defaultOpset } from "./backbone.ts";
import { checkModel } from "./check-model.ts";
import { chooseOutputs, type ScoreOutputs } from "./choose-outputs.ts";
import { describeScores } from "./class-scores.ts";
import { decodeModel } from "./codec.ts";
import { type NodeCost, nodeCosts, parameterTotals, peakActivationBytes, type TensorTable } from "./costs.ts";
import { findCutPoints } from "./cut-points.ts";
import { exposeOutputs } from "./expose-outputs.ts";
import { resolveExternalData } from "./external-data.ts";
import { foldShapes } from "./fold-shapes.ts";
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  type GraphProto,
  type ModelProto,
} from "./gen/onnx_pb.ts";
import { value } from "./graph-builder.ts";
import { type GraphIndex, indexGraph, isConstant, nodesBehind } from "./graph-index.ts";
import {
  type DeclaredImage,
  describeImage,
  findImageInput,
  fixImageSize,
  type InputSize,
} from "./image-input.ts";
import { checkFinite, importWarnings } from "./import-warnings.ts";
import { type ModelFile, readModelFile } from "./model-file.ts";
import { type ProbeLimits, type ProbeResult, probeModel } from "./model-probe.ts";
import { openBatch } from "./open-batch.ts";
import { pruneGraph } from "./prune-graph.ts";
import { dequantiseMaps } from "./quantised-maps.ts";
import { checkSpareInputs, imageAmong, zeroSpareInputs } from "./spare-inputs.ts";
import { allCopies } from "./subgraph-copies.ts";
import { elementTypeName } from "./tensors.ts";

export interface ImportOptions {
  /** Needed if the model leaves height and width open. */
  readonly inputSize?: InputSize;
  /** Tensor that holds the class scores; found out if absent. */
  readonly output?: string;
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
  const exposed = exposeOutputs(graph, options.output, where);
  const declared = findImageInput(imageAmong(graph, where), indexGraph(graph), where, options.inputSize);
  const spare = zeroSpareInputs(graph, declared.name, where);
  if (declared.batch && declared.batch > 1) openBatch(graph, declared.batch);
  fixImageSize(graph, declared);
  const probe = await probeImage(proto, declared, where, job, options.limits);
  await job.pause();

  job.report(2, 3, "finding cut points");
  const opset = defaultOpset(proto);
  const whole = indexGraph(graph);
  const observed: TensorTable = new Map([
    ...constantTensors(whole),
    [declared.name, { type: declared.type, dims: declared.dims }],
    ...probe.tensors,
  ]);
  const input = {
    ...describeImage(declared, whole, observed, where),
    dynamicBatch: probe.dynamicBatch,
  };
  const run = { index: whole, tensors: observed, costs: nodeCosts(whole, observed), opset, where };
  const scores = chooseOutputs(run, exposed);
  const outputs = keepOutputs(graph, observed, scores);
  for (const name of outputs) checkFinite(graph, name, probe.outputs.get(name) ?? [], where);
  checkSpareInputs(graph, spare, where);
  foldShapes(graph, declared.name, probe);
  const dequantised = dequantiseMaps(graph, probe.tensors);
  const index = indexGraph(graph);
  const tensors: TensorTable = new Map([...observed, ...constantTensors(index), ...dequantised]);
  const costs = nodeCosts(index, tensors);
  const measured = { index, tensors, costs, image: input.name, imageLayout: input.layout };
  const cuts = findCutPoints(measured, scores.main, scores.exits);
  if (cuts.cutPoints.length === 0) throw noCutPoint(where);
  const behind = nodesBehind(index, scores.main);
  const output = describeScores(index, probe, scores.main, opset);
  const summary: BackboneSummary = {
    name: file.name,
    sha256: scores.isChosen ? hashOf([sha256, scores.main]) : sha256,
    producer: [proto.producerName, proto.producerVersion].filter(Boolean).join(" "),
    irVersion,
    opset,
    input,
    output,
    precision: findPrecision(index, tensors, costs, behind),
    nodes: graphNodes(index, tensors, costs, outputs),
    cutPoints: cuts.cutPoints,
    readyExits: cuts.readyExits.map((exit) => ({
      ...exit,
      kind: describeScores(index, probe, exit.output, opset).kind,
    })),
    warnings: importWarnings(graph, opset, output, probe.outputs.get(output.name) ?? []),
    macs: behind.reduce((sum, number) => sum + costs[number].macs, 0),
    ...parameterTotals(index, tensors, behind),
    peakActivationBytes: peakActivationBytes(index, tensors, behind, input.name, scores.main),
  };
  const read = new Set(cuts.cutPoints.map(({ tensor }) => tensor));
  graph.node = graph.node.filter(({ output: [made] }) => read.has(made) || !dequantised.has(made));
  for (const { text } of summary.warnings) job.warn?.(text);
  job.report(3, 3);
  return { summary, proto };
}

/**
 * @throws AppError as `probeModel` does; in other words where the model was exported for several images at once, and
 *   its graph doesn't allow one
 */
async function probeImage(
  proto: ModelProto,
  { name, type, dims, batch }: DeclaredImage,
  where: string,
  job: Job,
  limits?: ProbeLimits,
): Promise<ProbeResult> {
  const isFixed = batch !== undefined && batch > 1;
  const input = { name, type, dims, dynamicBatch: batch !== 1 };
  return probeModel(proto, input, where, job, limits).catch((error: AppError) => {
    if (!isFixed || error.code !== "model-unsupported") throw error;
    throw new AppError(
      "model-unsupported",
      `${where} takes exactly ${batch} images at once, and its graph can't be brought to one; export it again with ` +
        "batch 1 or a dynamic batch axis",
      {},
      { cause: error },
    );
  });
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

/** The constants, those in subgraphs too. */
function* constantTensors(index: GraphIndex): Generator<[string, { type: string; dims: number[] }]> {
  const inside = allCopies(index.nodes).flatMap(({ initializers }) => initializers);
  for (const { name, dataType, dims } of [...index.initializers.values(), ...inside])
    yield [name, { type: elementTypeName(dataType)!, dims: dims.map(Number) }];
}

/** Prunes a graph to its class scores; what it gives beside them no later stage meets. @returns names of the outputs */
function keepOutputs(graph: GraphProto, tensors: TensorTable, { main, exits }: ScoreOutputs): string[] {
  const kept = graph.output.filter(({ name }) => name === main || exits.includes(name));
  pruneGraph(
    graph,
    kept.map((output) => (output.type ? output : value(output.name, tensors.get(output.name)!.type))),
  );
  return kept.map(({ name }) => name);
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
      return new TextDecoder().decode(attribute.s);
    case Type.INTS:
      return attribute.ints.join(", ");
    case Type.FLOATS:
      return attribute.floats.join(", ");
    default:
      return (Type[attribute.type] ?? "unknown").toLowerCase();
  }
}
