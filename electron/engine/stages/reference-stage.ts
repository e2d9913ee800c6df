import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { partOfJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import type { ReferenceModel } from "../../../shared/model/reference-model.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import { imageSplit } from "../dataset/splits/image-split.ts";
import { checkPreprocess } from "../dataset/splits/preprocess.ts";
import { runImages } from "../dataset/splits/run-images.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { floatValues, openSession } from "../onnx/runtime.ts";
import { answeredClasses } from "../onnx/scores.ts";
import { measureRounds } from "../profile/measure-rounds.ts";
import { latencyOf } from "../profile/statistics.ts";
import { randomImage } from "../profile/timed-models.ts";

/** How long a reference model is timed. */
const timedSeconds = 3;

/**
 * Measures another classifier on the project's calibration split and on this machine.
 * @param project what its data were prepared for
 * @returns all but the target's index
 * @throws AppError 'data-mismatch' if it has other classes, or images can't be brought to its input; 'cancelled'
 */
export async function measureReference(
  reference: Backbone,
  project: { readonly backbone: Backbone; readonly preprocess: Preprocess },
  data: OpenData,
  target: TargetOptions,
  job: Job,
): Promise<Omit<ReferenceModel, "target">> {
  const { name, sha256, macs, parameterBytes, output, input } = reference.summary;
  const { classes } = project.backbone.summary.output;
  if (output.classes !== classes)
    throw new AppError(
      "data-mismatch",
      `${name} tells ${output.classes} classes apart, the project's model ${classes}; give a model for the same classes`,
    );
  const preprocess = preprocessFor(project.preprocess, project.backbone.summary.input, input);
  checkPreprocess(preprocess, input);
  return {
    name,
    sha256,
    accuracy: await measureAccuracy(reference, data, preprocess, partOfJob(job, 0, 0.7)),
    latencyMs: await measureLatency(reference, target, partOfJob(job, 0.7, 1)),
    macs,
    bytes: parameterBytes,
  };
}

/** The preprocessing for another size of input: a crop keeps its share of the picture, else all of it is resized. */
function preprocessFor(preprocess: Preprocess, from: BackboneInput, to: BackboneInput): Preprocess {
  if (from.height === to.height && from.width === to.width) return preprocess;
  const { resize, centreCrop, ...rest } = preprocess;
  const size: [number, number] = [to.height, to.width];
  if (centreCrop === undefined || typeof resize !== "number") return { ...rest, resize: size };
  const scale = Math.max(to.height / from.height, to.width / from.width);
  return { ...rest, resize: Math.ceil(resize * scale), centreCrop: size };
}

async function measureAccuracy(
  { summary, proto }: Backbone,
  { source, splits }: OpenData,
  preprocess: Preprocess,
  job: Job,
): Promise<number> {
  const session = await openSession(encodeModel(proto));
  const { output } = summary;
  const split = imageSplit(source, splits.calibration, preprocess, summary.input);
  let [right, samples] = [0, 0];
  try {
    for await (const { labels, rows, results } of runImages(session, summary, split, job)) {
      const answers = answeredClasses(output, floatValues(results[output.name]), rows);
      for (let row = 0; row < rows; row++) if (answers[row] === labels[row]) right++;
      samples += rows;
    }
  } finally {
    await session.release();
  }
  return right / samples;
}

async function measureLatency(
  reference: Backbone,
  target: TargetOptions,
  job: Job,
): Promise<ReferenceModel["latencyMs"]> {
  const random = seededRandom(1);
  const image = randomImage(reference, random);
  const session = await openSession(encodeModel(reference.proto), target);
  try {
    const outputs = [reference.summary.output.name];
    const timed = { run: () => session.run(image, outputs), times: [] };
    await measureRounds([[timed]], timedSeconds, random, job);
    const { meanMs, medianMs, p95Ms } = latencyOf(timed.times);
    return { mean: meanMs, p50: medianMs, p95: p95Ms };
  } finally {
    await session.release();
  }
}
