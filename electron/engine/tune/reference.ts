import { type Job, partOfJob } from "../../../shared/base/job.ts";
import type { NpyArray } from "../base/npy.ts";
import { encodeNpz } from "../base/npz.ts";
import { encodeModel } from "../onnx/codec.ts";
import { floatValues, openSession } from "../onnx/runtime.ts";
import { elementCount } from "../onnx/tensors.ts";
import { feedOf, type ObservedImage, observeTensors } from "./observe-tensors.ts";
import type { WrittenNetwork } from "./tuned-graph.ts";

/** Images that the module is compared on before anything is trained. */
export interface ReferenceImages {
  readonly count: number;
  /** As they are stored for training: pixels, or values where the data has no bytes. */
  readonly stored: NpyArray;
  /** As the network reads them, one image after the other. */
  readonly inputs: Float32Array;
  /** Dimensions of one image with its batch of 1. */
  readonly dims: readonly number[];
}

/** Numbers of each tensor that the first differing layer is found by: some of each channel. */
const sampled = 1024;

/** Tensors that are looked at together; a network's activations don't fit into memory all at once. */
const tensorsAtOnce = 24;

/** `reference.npz`: the images, what each output gives for them, and samples of what every line computes for the first. */
export async function encodeReference(
  network: WrittenNetwork,
  images: ReferenceImages,
  job: Job,
): Promise<Uint8Array> {
  const arrays: Record<string, NpyArray> = { images: images.stored };
  const logits = await outputLogits(network, images, partOfJob(job, 0, 0.5));
  logits.forEach((array, index) => {
    arrays[`logits-${index}`] = array;
  });
  const { lines } = network.python;
  for (let from = 0; from < lines.length; from += tensorsAtOnce) {
    const names = lines.slice(from, from + tensorsAtOnce).map(({ tensor }) => tensor);
    const results = await observeTensors(network.proto, one(images, 0), names);
    job.report(0.5 + (0.5 * from) / lines.length, 1);
    await job.pause();
    names.forEach((name, at) => {
      const data = evenly(floatValues(results[name]));
      arrays[`line-${from + at}`] = { shape: [data.length], data };
    });
  }
  return encodeNpz(arrays);
}

/** What each output gives for the images, [count, classes]. */
export async function outputLogits(
  { proto, outputs }: Pick<WrittenNetwork, "proto" | "outputs">,
  images: ReferenceImages,
  job: Job,
): Promise<NpyArray[]> {
  const session = await openSession(encodeModel(proto), { threads: 1 });
  try {
    const rows: number[][] = outputs.map(() => []);
    for (let image = 0; image < images.count; image++) {
      const results = await session.run(feedOf(proto, one(images, image)));
      for (const [index, { tensor }] of outputs.entries())
        rows[index].push(...Array.from(floatValues(results[tensor])));
      job.report(image, images.count, "running the network to compare with");
      await job.pause();
    }
    return rows.map((values) => ({
      shape: [images.count, values.length / images.count],
      data: Float32Array.from(values),
    }));
  } finally {
    await session.release();
  }
}

function one({ inputs, dims }: ReferenceImages, image: number): ObservedImage {
  const size = elementCount(dims);
  return { values: inputs.subarray(image * size, (image + 1) * size), dims };
}

/** As `sample` in train.py: evenly spread, first and last among them. */
function evenly(values: ArrayLike<number>): Float32Array {
  const count = Math.min(sampled, values.length);
  return Float32Array.from({ length: count }, (_, at) => {
    const place = count === 1 ? 0 : Math.floor((at * (values.length - 1)) / (count - 1));
    return Number(values[place]);
  });
}
