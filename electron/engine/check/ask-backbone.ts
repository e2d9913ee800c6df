import type { Job } from "../../../shared/base/job.ts";
import type { Answered } from "../../../shared/model/class-mapping.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { runImages } from "../dataset/splits/run-images.ts";
import { backboneLogits, multiExitModel, ownLogits } from "../heads/multi-exit-model.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { type InferenceSession, openSession } from "../onnx/runtime.ts";
import { answeredClasses } from "../onnx/scores.ts";

/** A session that gives the backbone's scores; whoever opens it releases it. */
export function openAsked(backbone: Backbone): Promise<InferenceSession> {
  return openSession(encodeModel(multiExitModel(backbone, [], ownLogits(backbone))));
}

/**
 * What the backbone answers to the images of a split.
 * @param session of `openAsked`
 * @throws AppError 'cancelled', and what reading images throws
 */
export async function askBackbone(
  session: InferenceSession,
  backbone: Backbone,
  split: ImageSplit,
  job: Job,
): Promise<Answered> {
  const answers: number[] = [];
  const labels: number[] = [];
  const { classes } = backbone.summary.output;
  for await (const batch of runImages(session, backbone.summary, split, job)) {
    const logits = batch.results[backboneLogits].data as Float32Array;
    answers.push(...answeredClasses({ classes, kind: "logits" }, logits, batch.rows));
    labels.push(...batch.labels);
  }
  return { answers: Int32Array.from(answers), labels: Int32Array.from(labels) };
}
