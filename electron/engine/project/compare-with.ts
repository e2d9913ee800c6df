import { basename, extname } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { divideIntoBlocks } from "../../../shared/presentation/graph/blocks.ts";
import {
  type ComparedBlock,
  compareBlocks,
  type NetworkDifference,
} from "../../../shared/presentation/graph/compare-networks.ts";
import type { StageCache } from "../base/cache.ts";
import { hashBytes, hashOf } from "../base/hash.ts";
import type { Backbone } from "../onnx/backbone.ts";
import type { TensorProto } from "../onnx/gen/onnx_pb.ts";
import { type GraphIndex, indexGraph } from "../onnx/graph-index.ts";
import { importModel } from "../onnx/import/import-model.ts";
import { tensorNumbers } from "../onnx/tensors.ts";
import { isProjectFile } from "./is-project-file.ts";
import { openProject } from "./open-project.ts";

/** Pairs of blocks that are looked at. */
const mostPairs = 16e6;

/**
 * Which blocks differ between a network and the backbone of another model or project, which is opened as any is.
 * @throws AppError what `importModel` and `openProject` throw; 'model-unsupported' where both have too many blocks
 */
export async function compareWith(
  own: Backbone,
  path: string,
  job: Job,
  cache?: StageCache,
): Promise<NetworkDifference> {
  const other = (await isProjectFile(path))
    ? (await openProject(path, job, cache)).backbone
    : await importModel(path, {}, job);
  const [here, there] = [await comparedBlocks(own, job), await comparedBlocks(other, job)];
  if (here.length * there.length > mostPairs)
    throw new AppError(
      "model-unsupported",
      `${path} has ${there.length} blocks and ${own.summary.name} ${here.length}; that is more than can be compared`,
    );
  return { name: basename(path, extname(path)), rows: compareBlocks(here, there) };
}

async function comparedBlocks({ summary, proto }: Backbone, job: Job): Promise<ComparedBlock[]> {
  const index = indexGraph(proto.graph);
  const readsOf = new Map(index.nodes.map((node, number) => [node.name, index.reads[number]]));
  const constants = await constantsOf(index, job);
  const weightsOf = (name: string) => (readsOf.get(name) ?? []).flatMap((read) => constants.get(read) ?? []);
  return divideIntoBlocks(summary).map(({ index: place, label, nodes }) => ({
    index: place,
    label,
    nodes,
    weights: nodes.map(({ name }) => weightsOf(name).join("+")),
  }));
}

/** What every constant is known by: the hash of its values, or of what it is computed from. */
async function constantsOf(index: GraphIndex, job: Job): Promise<ReadonlyMap<string, string>> {
  const known = new Map<string, string>();
  for (const [name, tensor] of index.initializers) {
    known.set(name, hashTensor(tensor));
    await job.pause();
  }
  // What a node reads is made before it.
  for (const [number, { opType, attribute, output }] of index.nodes.entries()) {
    if (index.carriesInput[number]) continue;
    const values = attribute.flatMap(({ t }) => (t ? hashTensor(t) : []));
    const made = hashOf([opType, values, index.reads[number].map((read) => known.get(read) ?? "")]);
    for (const name of output) known.set(name, made);
  }
  return known;
}

/** However its numbers are stored. */
function hashTensor(tensor: TensorProto): string {
  const numbers = tensorNumbers(tensor);
  const values = hashBytes(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  return hashOf([tensor.dataType, tensor.dims.map(Number), values]);
}
