import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import { hashOf } from "../../base/hash.ts";
import { type Backbone, defaultOpset } from "../backbone.ts";
import type { GraphProto, ValueInfoProto } from "../gen/onnx_pb.ts";
import { value } from "../graph-builder.ts";
import { type GraphIndex, indexGraph } from "../graph-index.ts";
import { modelIdentity } from "../model-identity.ts";
import { type ProbeLimits, type ProbeResult, probeModel } from "../probe/model-probe.ts";
import { pruneGraph } from "../prune-graph.ts";
import { allCopies } from "../subgraph-copies.ts";
import { elementTypeName } from "../tensors.ts";
import { nodeCosts, type TensorTable } from "./analysis/costs.ts";
import {
  type DeclaredImage,
  describeImage,
  findImageInput,
  fixImageSize,
  type InputSize,
} from "./analysis/image-input.ts";
import { chooseOutputs, type ScoreOutputs } from "./choose-outputs.ts";
import { type Classifier, describeBackbone } from "./describe-backbone.ts";
import { checkFinite } from "./import-warnings.ts";
import { type CheckedModel, readModel } from "./reading/read-model.ts";
import { type ExposedOutputs, exposeOutputs } from "./rewrite/expose-outputs.ts";
import { foldShapes, shapeSubjects } from "./rewrite/fold-shapes.ts";
import { openBatch } from "./rewrite/open-batch.ts";
import { dequantiseMaps, dropUnread, roundsByBatch } from "./rewrite/quantised-maps.ts";
import { checkSpareInputs, imageAmong, spareInputWarnings, zeroSpareInputs } from "./rewrite/spare-inputs.ts";

export interface ImportOptions {
  /** Needed if the model leaves height and width open. */
  readonly inputSize?: InputSize;
  /** Tensor that holds the class scores; found out if absent. */
  readonly output?: string;
  readonly limits?: ProbeLimits;
}

/**
 * Reads a trained image classifier: checks it, runs it once in a process of its own, and finds its cut points.
 * The graph that comes back is what gives the class scores and nothing else, with external data inside, functions
 * inlined, nodes in order and uniquely named, constants that aren't inputs, one image as its input, with channels, height
 * and width fixed, and nothing that is computed from shapes but the batch.
 * @param path an ONNX file; its external data may lie beside it
 * @throws AppError 'file-not-found', 'file-unreadable', 'model-invalid', 'model-unsupported', 'model-crashed',
 *   'usage' (input size contradicts the model, no such output), 'cancelled'
 */
export async function importModel(path: string, options: ImportOptions, job: Job): Promise<Backbone> {
  job.report(0, 3, "reading the model");
  const model = await readModel(path, job);
  await job.pause();

  job.report(1, 3, "running the model once");
  const runnable = makeRunnable(model, options);
  await job.pause();
  const probe = await probeImage(model, runnable.image, job, options.limits);
  await job.pause();

  job.report(2, 3, "finding cut points");
  const classifier = await reduceToClassifier(model, runnable, probe, job);
  await job.pause();
  const described = describeBackbone(classifier, probe);
  dropUnplaced(model.proto.graph, described);
  dropUnread(model.proto.graph, described.cutPoints);
  await job.pause();
  const summary = { ...described, ...modelIdentity(model.proto) };
  for (const { text } of summary.warnings) job.warn?.(text);
  job.report(3, 3);
  return { summary, proto: model.proto };
}

/** A model that ONNX Runtime can run on one image. */
interface RunnableModel {
  readonly outputs: ExposedOutputs;
  readonly image: DeclaredImage;
  /** Inputs beside the image, which are zeros now. */
  readonly spare: readonly ValueInfoProto[];
}

function makeRunnable({ proto, where }: CheckedModel, options: ImportOptions): RunnableModel {
  const { graph } = proto;
  const outputs = exposeOutputs(graph, options.output, where);
  const image = findImageInput(imageAmong(graph, where), indexGraph(graph), where, options.inputSize);
  const spare = zeroSpareInputs(graph, image.name, where);
  if (image.batch !== undefined && isFixedBatch(image)) openBatch(graph, image.name, image.batch);
  fixImageSize(graph, image);
  return { outputs, image, spare };
}

/**
 * @throws AppError as `probeModel` does; in other words where the model was exported for several images at once, and
 *   its graph doesn't allow one
 */
async function probeImage(
  { proto, where }: CheckedModel,
  image: DeclaredImage,
  job: Job,
  limits?: ProbeLimits,
): Promise<ProbeResult> {
  const { name, type, dims, batch } = image;
  const subjects = shapeSubjects(indexGraph(proto.graph));
  const input = { name, type, dims, dynamicBatch: batch !== 1, ...subjects };
  return probeModel(proto, input, where, job, limits).catch((error: AppError) => {
    throw isFixedBatch(image) && error.code === "model-unsupported" ? fixedBatch(where, image, error) : error;
  });
}

function isFixedBatch({ batch }: DeclaredImage): boolean {
  return batch !== undefined && batch > 1;
}

function fixedBatch(where: string, { batch }: DeclaredImage, cause?: AppError): AppError {
  return new AppError(
    "model-unsupported",
    `${where} takes exactly ${batch} images at once, and its graph can't be brought to one; export it again with ` +
      "batch 1 or a dynamic batch axis",
    {},
    { cause },
  );
}

/** Takes all out of the graph that doesn't serve its class scores, or only says what shapes they have on the way. */
async function reduceToClassifier(
  model: CheckedModel,
  { outputs, image, spare }: RunnableModel,
  probe: ProbeResult,
  job: Job,
): Promise<Classifier> {
  const { proto, where, sha256 } = model;
  const { graph } = proto;
  const index = indexGraph(graph);
  const observed = observedTensors(index, image, probe.tensors);
  const run = {
    index,
    tensors: observed,
    costs: nodeCosts(index, observed),
    opset: defaultOpset(proto),
    where,
  };
  const scores = await chooseOutputs(run, outputs, job);
  const kept = keepOutputs(graph, observed, scores);
  const takesSeveral = kept.every((name) => probe.batchedOutputs.includes(name));
  if (isFixedBatch(image) && !takesSeveral) throw fixedBatch(where, image);
  const dynamicBatch = takesSeveral && !roundsByBatch(graph);
  const input = { ...describeImage(image, index, observed, where), dynamicBatch };
  for (const name of kept) checkFinite(graph, name, answersOf(probe, name, where), where);
  checkSpareInputs(graph, spare, where);
  const folded = foldShapes(graph, image, { ...probe, dynamicBatch });
  const dequantised = dequantiseMaps(graph, probe.tensors);
  const tensors = new Map([...observed, ...folded, ...constantTensors(indexGraph(graph)), ...dequantised]);
  const chosen = [...(scores.isChosen ? [scores.main] : []), ...(image.isSizeOpen ? image.dims : [])];
  const fileSha256 = chosen.length > 0 ? hashOf([sha256, ...chosen]) : sha256;
  return { model, fileSha256, input, scores, tensors, warnings: spareInputWarnings(spare) };
}

/** @throws AppError 'model-unsupported' if the outputs hold more than the probe could send */
export function answersOf(
  { outputs }: ProbeResult,
  name: string,
  where: string,
): readonly (readonly number[])[] {
  const answers = outputs.get(name);
  if (answers) return answers;
  throw new AppError(
    "model-unsupported",
    `${where} can't be used: its outputs hold too many numbers for ${name} to be looked at; export it with its class ` +
      "scores alone, of at most 100 000 classes",
  );
}

/** Types and shapes at batch 1 of all that a graph computes with: constants, the image, and what was observed. */
export function observedTensors(
  index: GraphIndex,
  { name, type, dims }: DeclaredImage,
  seen: ProbeResult["tensors"],
): TensorTable {
  return new Map([...constantTensors(index), [name, { type, dims }], ...seen]);
}

/** The constants, those in subgraphs too. */
export function* constantTensors(index: GraphIndex): Generator<[string, { type: string; dims: number[] }]> {
  const inside = allCopies(index.nodes).flatMap(({ initializers }) => initializers);
  for (const { name, dataType, dims } of [...index.initializers.values(), ...inside])
    yield [name, { type: elementTypeName(dataType)!, dims: dims.map(Number) }];
}

/** Outputs that would be exits, but stand at no cut point, go. */
function dropUnplaced(graph: GraphProto, { output, readyExits }: Described): void {
  const kept = new Set([output.name, ...readyExits.map((exit) => exit.output)]);
  const placed = graph.output.filter(({ name }) => kept.has(name));
  if (placed.length < graph.output.length) pruneGraph(graph, placed);
}

type Described = ReturnType<typeof describeBackbone>;

/** Prunes a graph to its class scores; what it gives beside them no later stage meets. @returns names of the outputs */
function keepOutputs(graph: GraphProto, tensors: TensorTable, { main, exits }: ScoreOutputs): string[] {
  const kept = graph.output.filter(({ name }) => name === main || exits.includes(name));
  pruneGraph(
    graph,
    kept.map((output) => (output.type ? output : value(output.name, tensors.get(output.name)!.type))),
  );
  return kept.map(({ name }) => name);
}
