import { AppError } from "../../../shared/base/errors.ts";
import type { BackboneSummary, CutPoint, TensorInfo } from "../../../shared/model/backbone.ts";
import type { GraphModel } from "./graph-model.ts";

/** An imported model: what is known about it, and its checked graph with all weights inside. */
export interface Backbone {
  readonly summary: BackboneSummary;
  readonly proto: GraphModel;
}

/** The version of the default operator set that nodes added to this model have to be written for. */
export function defaultOpset(proto: GraphModel): number {
  const entry = proto.opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx");
  return Number(entry?.version ?? 1n);
}

export function cutPointByTensor(summary: BackboneSummary, tensor: string): CutPoint {
  const cut = summary.cutPoints.find((candidate) => candidate.tensor === tensor);
  if (!cut)
    throw new AppError(
      "file-invalid",
      `the model has no cut point '${tensor}'; was the plan made for another model?`,
    );
  return cut;
}

export function tensorInfo(summary: BackboneSummary, tensor: string): TensorInfo {
  for (const { outputs } of summary.nodes)
    for (const output of outputs) if (output.name === tensor) return output;
  throw new AppError("internal", `no tensor ${tensor} in ${summary.name}`);
}

/** Dimensions of the image input; the batch as a number, or a name to leave it open. */
export function imageDims<Batch extends number | string>(
  { input }: Pick<BackboneSummary, "input">,
  batch: Batch,
): (number | Batch)[] {
  const { layout, channels, height, width, dims } = input;
  if (dims) return batch === 1 ? [...dims] : [batch, ...dims.slice(1)];
  return layout === "NCHW" ? [batch, channels, height, width] : [batch, height, width, channels];
}
