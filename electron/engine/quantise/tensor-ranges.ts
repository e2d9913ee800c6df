import type { Job } from "../../../shared/base/job.ts";
import { partOfJob } from "../../../shared/base/job.ts";
import type { BackboneSummary } from "../../../shared/model/backbone.ts";
import type { QuantiseOptions } from "../../../shared/model/stage-options.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { imageTensor } from "../dataset/splits/run-images.ts";
import { encodeModel } from "../onnx/codec.ts";
import { graph, model, value } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { floatValues, openSession } from "../onnx/runtime.ts";
import type { Quantisable } from "./quantise-model.ts";
import type { ValueRange } from "./quantise-numbers.ts";
import { chosenRange, countValues, newHistogram, type ValueHistogram } from "./value-histogram.ts";

/** Values that a tensor holds for one image. */
type Visit = (tensor: string, values: ArrayLike<number>) => void;

/**
 * The ranges of all that becomes bytes, from the first images of a split: a pass for the outermost values, another for
 * how the values lie between them.
 * @throws AppError 'cancelled'
 */
export async function tensorRanges(
  { proto, plan }: Quantisable,
  summary: BackboneSummary,
  images: ImageSplit,
  { images: wanted, ranges: method }: QuantiseOptions,
  job: Job,
): Promise<Map<string, ValueRange>> {
  const tensors = [...plan.activations].filter((name) => !plan.sameAs.has(name));
  const observer = { model: observedModel(proto, tensors, summary), tensors, summary, images, wanted };
  const outermost = new Map<string, ValueRange>();
  await visitTensors(observer, (name, values) => widen(outermost, name, values), partOfJob(job, 0, 0.5));
  if (method === "min-max") return outermost;
  const histograms = new Map<string, ValueHistogram>();
  for (const [name, range] of outermost) histograms.set(name, newHistogram(range));
  const count: Visit = (name, values) => countValues(histograms.get(name)!, values);
  await visitTensors(observer, count, partOfJob(job, 0.5, 1));
  return new Map([...histograms].map(([name, histogram]) => [name, chosenRange(histogram, method)]));
}

interface Observer {
  readonly model: GraphModel;
  readonly tensors: readonly string[];
  readonly summary: BackboneSummary;
  readonly images: ImageSplit;
  readonly wanted: number;
}

/** The network with these tensors as outputs; the image is at hand anyway. */
function observedModel(
  proto: GraphModel,
  tensors: readonly string[],
  { input }: BackboneSummary,
): GraphModel {
  const { name, node, initializer, input: inputs } = proto.graph;
  const outputs = tensors.filter((tensor) => tensor !== input.name).map((tensor) => value(tensor, "float32"));
  return model(graph(name, { nodes: node, initializers: initializer }, inputs, outputs), proto);
}

/** One image at a time: all of a network's activations are large. */
async function visitTensors(
  { model: observed, tensors, summary, images, wanted }: Observer,
  visit: Visit,
  job: Job,
): Promise<void> {
  const { name } = summary.input;
  const most = Math.min(wanted, images.count);
  const session = await openSession(encodeModel(observed));
  try {
    let seen = 0;
    for await (const batch of images.batches(1)) {
      if (batch.labels.length === 0) continue;
      const image = imageTensor(summary, batch.images, 1);
      const results = await session.run({ [name]: image });
      for (const tensor of tensors) visit(tensor, floatValues(tensor === name ? image : results[tensor]));
      job.report(++seen, most);
      await job.pause();
      if (seen === most) return;
    }
  } finally {
    await session.release();
  }
}

function widen(ranges: Map<string, ValueRange>, name: string, values: ArrayLike<number>): void {
  let [low, high] = ranges.get(name) ?? [0, 0];
  for (let at = 0; at < values.length; at++) {
    if (values[at] < low) low = values[at];
    else if (values[at] > high) high = values[at];
  }
  ranges.set(name, [low, high]);
}
