import { create } from "@bufbuild/protobuf";
import type { BackboneSummary } from "../../../shared/model/backbone.ts";
import { hashBytes } from "../base/hash.ts";
import { encodeModel } from "./codec.ts";
import { type AttributeProto, type GraphProto, ModelProtoSchema, type TensorProto } from "./gen/onnx_pb.ts";
import type { GraphModel } from "./graph-model.ts";
import { elementTypeName, intTensor, tensorNumbers } from "./tensors.ts";

export type ModelIdentity = Pick<BackboneSummary, "sha256" | "graphSha256">;

/**
 * Who a prepared model is, from its bytes alone. `sha256` is the SHA-256 of the model as `encodeModel` writes it, which
 * is `backbone.onnx` in a project. `graphSha256` is that of the same without what latencies don't depend on: the values
 * of weights, where the file came from, and notes. Operators and their settings, the names, types and shapes of tensors
 * and how they are connected stay, the image's size among them; so do names, for profiles name cut points by them.
 * @param bytes what `encodeModel` has made of it, if that is at hand
 */
export function modelIdentity(proto: GraphModel, bytes = encodeModel(proto)): ModelIdentity {
  const { opsetImport, graph } = proto;
  const bare = create(ModelProtoSchema, { opsetImport, graph: withoutWeights(graph) });
  return { sha256: hashBytes(bytes), graphSha256: hashBytes(encodeModel(bare)) };
}

function withoutWeights(graph: GraphProto): GraphProto {
  return {
    ...withoutNotes(graph),
    name: "",
    valueInfo: [],
    input: graph.input.map(withoutNotes),
    output: graph.output.map(withoutNotes),
    initializer: graph.initializer.map(withoutValues),
    node: graph.node.map((node) => ({
      ...withoutNotes(node),
      attribute: node.attribute.map(withoutWeightsInside),
    })),
  };
}

function withoutWeightsInside(attribute: AttributeProto): AttributeProto {
  const { t, tensors, g, graphs } = attribute;
  return {
    ...withoutNotes(attribute),
    t: t && withoutValues(t),
    tensors: tensors.map(withoutValues),
    g: g && withoutWeights(g),
    graphs: graphs.map(withoutWeights),
  };
}

/** Unknown fields are notes too: newer exporters write source lines there. */
function withoutNotes<Part extends { readonly docString: string }>(part: Part): Part {
  return { ...part, docString: "", $unknown: undefined };
}

/** Only 64-bit integers are no weights: they say shapes, axes and indices. All other types may be learnt, or quantised. */
function withoutValues(tensor: TensorProto): TensorProto {
  const { name, dataType } = tensor;
  const dims = tensor.dims.map(Number);
  if (elementTypeName(dataType) === "int64") return intTensor(name, tensorNumbers(tensor), dims);
  return { ...intTensor(name, [], dims), dataType };
}
