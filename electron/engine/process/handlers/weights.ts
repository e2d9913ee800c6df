import { AppError } from "../../../../shared/base/errors.ts";
import { plainName } from "../../../../shared/base/plain-name.ts";
import type { TensorProto } from "../../onnx/gen/onnx_pb.ts";
import { networkOf } from "../../project/project.ts";
import { describeWeight, weightFile, weightsOf } from "../describe-weight.ts";
import type { Handlers } from "../handler.ts";
import type { Workspace } from "../workspace.ts";

/** What the operators of the project's networks hold. */
export function weightHandlers(workspace: Workspace): Pick<Handlers, "model.weights" | "model.weightFile"> {
  return {
    "model.weights": async ({ member, node }) => ({
      weights: weightsAt(workspace, member, node).map(describeWeight),
    }),
    "model.weightFile": async ({ member, node, weight }) => {
      const tensor = weightsAt(workspace, member, node).find(({ name }) => name === weight);
      if (!tensor) throw new AppError("usage", `${plainName(node)} reads no weight ${plainName(weight)}`);
      const { unsaved } = describeWeight(tensor);
      if (unsaved) throw new AppError("usage", `${plainName(weight)} can't be saved by itself: ${unsaved}`);
      return { npy: weightFile(tensor) };
    },
  };
}

function weightsAt({ project }: Workspace, member: string | undefined, name: string): TensorProto[] {
  const { backbone } = networkOf(project, member);
  const { graph } = backbone.proto;
  const node = graph.node.find((candidate) => candidate.name === name);
  if (!node) throw new AppError("usage", `${backbone.summary.name} has no operator ${plainName(name)}`);
  return weightsOf(graph, node);
}
