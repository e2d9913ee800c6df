import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { ByteRange } from "../base/byte-range.ts";
import { readNpy } from "../base/npy.ts";
import { openNpz } from "../base/npz.ts";
import { outputLogits, type ReferenceImages } from "./reference.ts";
import type { WrittenNetwork } from "./tuned-graph.ts";

/** How far ONNX Runtime may be from PyTorch, as a share of the largest logit: batch norms are folded into weights meanwhile. */
const tolerance = 1e-3;

/**
 * Compares what ONNX Runtime computes with trained weights with what train.py wrote of the same images beside them.
 * @param network as it is with the trained weights
 * @returns whether train.py wrote any logits
 * @throws AppError 'training-failed' if they differ
 */
export async function compareResults(
  range: ByteRange,
  network: Pick<WrittenNetwork, "proto" | "outputs">,
  images: ReferenceImages,
  job: Job,
): Promise<boolean> {
  const archive = await openNpz(range);
  const names = network.outputs.map((_, index) => `logits-${index}`);
  if (!names.every((name) => archive.names.includes(name))) return false;
  const computed = await outputLogits(network, images, job);
  for (const [index, name] of names.entries()) {
    const { data, shape } = await readNpy(await archive.member(name));
    const own = computed[index];
    if (String(shape) !== String(own.shape))
      throw new AppError("file-invalid", `${range.where}: '${name}' is [${shape}], expected [${own.shape}]`);
    if (!(data instanceof Float32Array))
      throw new AppError("file-invalid", `${range.where}: '${name}' must be float32`);
    checkClose(own.data as Float32Array, data, network.outputs[index].name);
  }
  return true;
}

function checkClose(own: Float32Array, theirs: Float32Array, output: string): void {
  let [largest, off] = [0, 0];
  for (const [at, value] of theirs.entries()) {
    largest = Math.max(largest, Math.abs(value));
    off = Math.max(off, Math.abs(value - own[at]));
  }
  if (off <= tolerance * largest) return;
  throw new AppError(
    "training-failed",
    `with the trained weights the output '${output}' is ${(off / largest).toExponential(1)} off in ONNX Runtime, at most ` +
      `${tolerance} is allowed. If neither its weights nor the training images were changed since it was trained, train with --no-batch-norm, and report this`,
  );
}
