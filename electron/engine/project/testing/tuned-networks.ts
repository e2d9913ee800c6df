import { tunedName } from "../../../../shared/model/families.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import type { TensorProto } from "../../onnx/gen/onnx_pb.ts";
import { modelIdentity } from "../../onnx/model-identity.ts";
import { elementTypeName, floatTensor, tensorNumbers } from "../../onnx/tensors.ts";
import type { CalibratedModel, Member, Project } from "../project.ts";

/** For tests: a network as if it had been tuned: the same graph, every weight larger by a share. */
export function asTuned({ summary, proto }: Backbone, share = 1 / 1024): Backbone {
  const { graph } = proto;
  const initializer = graph.initializer.map((tensor) => scaled(tensor, 1 + share));
  const changed = { ...proto, graph: { ...graph, initializer } };
  return {
    proto: changed,
    summary: { ...summary, ...modelIdentity(changed), name: tunedName(summary.name) },
  };
}

function scaled(tensor: TensorProto, factor: number): TensorProto {
  if (elementTypeName(tensor.dataType) !== "float32") return tensor;
  const values = Float32Array.from(tensorNumbers(tensor), (value) => value * factor);
  return floatTensor(tensor.name, values, tensor.dims.map(Number));
}

/**
 * For tests: the project with a tuned network of one of its networks, whose heads, tables and images are the other's own.
 * @param origin the backbone's if absent
 */
export function withTunedTwin(project: Project, origin?: Member, share?: number): Project {
  const network: CalibratedModel = origin ?? project;
  const { heads, temperatures, classOffsets, tables, outputs } = network;
  const tuned: Member = {
    heads,
    temperatures,
    classOffsets,
    tables,
    outputs,
    backbone: asTuned(network.backbone, share),
    preprocess: origin?.preprocess ?? project.preprocess!,
    tunedFrom: network.backbone.summary.sha256,
  };
  return { ...project, members: [...project.members, tuned] };
}
