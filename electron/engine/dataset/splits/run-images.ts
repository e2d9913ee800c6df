import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import type { BackboneSummary } from "../../../../shared/model/backbone.ts";
import { imageDims } from "../../onnx/backbone.ts";
import { imageOfType } from "../../onnx/image-types.ts";
import type { InferenceSession, RuntimeTensor } from "../../onnx/runtime.ts";
import { elementCount } from "../../onnx/tensors.ts";
import type { ImageSplit } from "./image-split.ts";

/** What one core does in a second at least; a run can't be interrupted. */
const macsPerSecond = 20e9;

/** Images at once: enough to keep the cores busy, few enough to stop within a second and to fit into memory. */
export function batchSize({ input, macs, peakActivationBytes }: BackboneSummary): number {
  if (!input.dynamicBatch) return 1;
  const fitting = Math.min(256e6 / Math.max(1, peakActivationBytes), macsPerSecond / Math.max(1, macs));
  return Math.max(1, Math.min(32, Math.floor(fitting)));
}

/**
 * Preprocessed images as the tensor that the backbone's input takes.
 * @param images room for at least `count` images
 */
export function imageTensor(
  backbone: BackboneSummary,
  images: Float32Array | Uint8Array,
  count: number,
): RuntimeTensor {
  const dims = imageDims(backbone, count) as number[];
  return imageOfType(backbone.input.type, images.subarray(0, elementCount(dims)), dims);
}

export interface ImageResults {
  readonly rows: number;
  readonly labels: Int32Array;
  readonly results: InferenceSession.OnnxValueMapType;
}

/** Half floats are looked at by their bits: there are many, and all is ones in the exponent of what is no number. */
const halfExponent = 0x7c00;

/**
 * That a network gave numbers for noise doesn't mean that it gives them for every image; what learnt from others, or was
 * counted with them, would say nothing.
 */
function checkNumbers(name: string, { type, data }: RuntimeTensor): void {
  const isNumber =
    type === "float16"
      ? (bits: number) => (bits & halfExponent) !== halfExponent
      : (value: number) => Number.isFinite(value);
  if (!/^float(16|32|64)$/.test(type) || Array.prototype.every.call(data, isNumber)) return;
  throw new AppError(
    "model-unsupported",
    `the network gives values that are no finite numbers for an image of the data set (in ${name}); check the ` +
      "preprocessing, or export the network again in float32",
  );
}

/**
 * Runs every readable image of a split through a session, batch by batch, in the split's order.
 * @throws AppError 'model-unsupported' if it fails for an image or gives no finite numbers, and what reading images throws
 */
export async function* runImages(
  session: InferenceSession,
  backbone: BackboneSummary,
  split: ImageSplit,
  job: Job,
): AsyncGenerator<ImageResults> {
  let done = 0;
  for await (const { images, labels, skipped } of split.batches(batchSize(backbone))) {
    const rows = labels.length;
    if (rows > 0) {
      const results = await session.run({ [backbone.input.name]: imageTensor(backbone, images, rows) });
      for (const [name, tensor] of Object.entries(results)) checkNumbers(name, tensor);
      yield { rows, labels, results };
    }
    done += rows + skipped.length;
    job.report(done, split.count);
    await job.pause();
  }
}
