import { clone } from "@bufbuild/protobuf";
import { encodeModel } from "../../../electron/engine/onnx/codec.ts";
import { ModelProtoSchema } from "../../../electron/engine/onnx/gen/onnx_pb.ts";
import type { GraphModel } from "../../../electron/engine/onnx/graph-model.ts";
import type { Random } from "../../../shared/base/random.ts";
import { between, chance, pick } from "../drawing/draw.ts";
import { type Mutator, mutate } from "../mutator.ts";
import type { Tree } from "../tree.ts";
import { wireMutators } from "../wire/index.ts";
import type { ModelSubject } from "./model-subject.ts";
import { addAttribute, changeAttribute, changeAttributeType } from "./mutators/attributes.ts";
import {
  changeVersions,
  multiplyConstants,
  multiplyInputs,
  multiplyOutputs,
  valueInfos,
} from "./mutators/counts.ts";
import { attributeDefaults, callFunctions, manyFunctions } from "./mutators/functions.ts";
import { hostileProducer, metadata, renameNode, renameTensor, sameNames } from "./mutators/names.ts";
import { changeOperator, deleteNode, duplicateNode, longChain, rewire, swapNodes } from "./mutators/nodes.ts";
import { hugeConstant } from "./mutators/sizes.ts";
import { loop, nestSubgraphs, strayGraph } from "./mutators/subgraphs.ts";
import {
  changeDeclared,
  changeDims,
  changeType,
  externalData,
  hostileWeights,
  sparseWeights,
  wrongData,
} from "./mutators/tensors.ts";
import { seedModels } from "./seed-models.ts";

/** Every way to damage a model that can still be read as one. */
export const modelMutators: readonly Mutator<ModelSubject>[] = [
  duplicateNode,
  deleteNode,
  swapNodes,
  rewire,
  changeOperator,
  longChain,
  renameTensor,
  renameNode,
  sameNames,
  metadata,
  hostileProducer,
  changeDims,
  changeType,
  hostileWeights,
  wrongData,
  externalData,
  sparseWeights,
  changeDeclared,
  changeAttribute,
  changeAttributeType,
  addAttribute,
  nestSubgraphs,
  loop,
  strayGraph,
  hugeConstant,
  callFunctions,
  attributeDefaults,
  manyFunctions,
  multiplyOutputs,
  multiplyInputs,
  multiplyConstants,
  valueInfos,
  changeVersions,
];

export interface MutatedModel {
  readonly bytes: Uint8Array;
  readonly beside: Tree;
  /** Ids of what was done, in order. */
  readonly mutations: readonly string[];
}

const shareOnWire = 0.3;

/** @param from a model to start from; one of the seeds if absent */
export function mutateModel(random: Random, from?: GraphModel): MutatedModel {
  const subject = from
    ? { proto: clone(ModelProtoSchema, from) as GraphModel, beside: new Map() }
    : pick(random, seedModels)();
  const onWire = chance(random, shareOnWire);
  const mutations = mutate(
    subject,
    modelMutators,
    onWire ? between(random, 0, 1) : between(random, 1, 4),
    random,
  );
  const wire = { bytes: encodeModel(subject.proto) };
  const flips = onWire ? mutate(wire, wireMutators, between(random, 1, 3), random) : [];
  return { bytes: wire.bytes, beside: subject.beside, mutations: [...mutations, ...flips] };
}
