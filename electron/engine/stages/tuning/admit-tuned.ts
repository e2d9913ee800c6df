import { AppError } from "../../../../shared/base/errors.ts";
import { partOfJob } from "../../../../shared/base/job.ts";
import type { Head } from "../../heads/head.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import { encodeModel } from "../../onnx/codec.ts";
import type { GraphModel } from "../../onnx/graph-model.ts";
import { modelIdentity } from "../../onnx/model-identity.ts";
import { openBackbone, openHeads, readProjectModel } from "../../project/project-models.ts";
import type { TunedModels } from "../../tune/tuned-models.ts";
import type { StageContext } from "../stage-context.ts";

/**
 * A network with its trained weights, by the same door as one from a file: checked, run for the first time in a process of
 * its own, and described anew.
 * @param origin the network that it was trained from
 * @param name of the tuned one
 * @throws AppError 'training-failed' if it can't be used with these weights; 'cancelled'
 */
export async function admitTuned(
  { cache, job }: StageContext,
  origin: Backbone,
  name: string,
  { backbone: proto, heads }: TunedModels,
): Promise<{ readonly backbone: Backbone; readonly heads: readonly Head[] }> {
  const { summary } = origin;
  const identity = modelIdentity(proto);
  if (identity.graphSha256 !== summary.graphSha256)
    throw new AppError(
      "model-unsupported",
      `${summary.name} computes some of its weights by operators, so it would be another graph with trained ones; export it with its weights stored`,
    );
  try {
    const checked = asRead(proto, name);
    const claimed = { ...summary, name };
    const backbone = await openBackbone(checked, identity, claimed, { job: partOfJob(job, 0, 0.5), cache });
    const stored = heads.map((head) => ({ ...head, model: asRead(head.model, `${head.kind} head`) }));
    return { backbone, heads: await openHeads(backbone, stored, { job: partOfJob(job, 0.5, 1), cache }) };
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code === "cancelled") throw cause;
    throw new AppError(
      "training-failed",
      `what was trained of ${summary.name} can't be used: ${cause.message}`,
      {},
      { cause },
    );
  }
}

function asRead(proto: GraphModel, name: string): GraphModel {
  return readProjectModel(encodeModel(proto), name);
}
