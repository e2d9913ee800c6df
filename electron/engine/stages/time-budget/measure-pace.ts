import type { Job } from "../../../../shared/base/job.ts";
import { seededRandom } from "../../../../shared/base/random.ts";
import type { TargetOptions } from "../../../../shared/model/stage-options.ts";
import type { ImageSplit } from "../../dataset/splits/image-split.ts";
import { batchSize, imageTensor } from "../../dataset/splits/run-images.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import { encodeModel } from "../../onnx/codec.ts";
import { openSession } from "../../onnx/runtime.ts";
import { median } from "../../profile/statistics.ts";
import { randomImage } from "../../profile/timed-models.ts";

/** How fast a backbone and its images are here, seconds. */
export interface BackbonePace {
  /** Reading an image and running it through the backbone in a batch, on all cores. */
  readonly image: number;
  /** Reading alone. */
  readonly read: number;
  /** One image alone, on the target. */
  readonly run: number;
  /** Opening a model of this size. */
  readonly open: number;
}

/** How long either is timed, unless that many runs come first. */
const timedSeconds = 2;
const mostRuns = 30;
/** Timed however long they take, after one that warms up. */
const fewestRuns = 2;

/** @throws AppError 'cancelled', and what reading images throws */
export async function measurePace(
  { proto, summary }: Backbone,
  images: ImageSplit,
  target: TargetOptions,
  job: Job,
): Promise<BackbonePace> {
  const { input, output } = summary;
  const bytes = encodeModel(proto);
  const started = performance.now();
  const shared = await openSession(bytes);
  const open = secondsSince(started);
  const batches: { readonly read: number; readonly run: number }[] = [];
  try {
    const size = batchSize(summary);
    const enough = isEnough();
    let asked = performance.now();
    for await (const batch of images.batches(size)) {
      const rows = batch.labels.length;
      const read = secondsSince(asked) / size;
      asked = performance.now();
      if (rows > 0)
        await shared.run({ [input.name]: imageTensor(summary, batch.images, rows) }, [output.name]);
      batches.push({ read, run: secondsSince(asked) / size });
      await job.pause();
      if (enough(batches.length)) break;
      asked = performance.now();
    }
  } finally {
    await shared.release();
  }
  const runs: number[] = [];
  const single = await openSession(bytes, target);
  try {
    const feeds = randomImage({ proto, summary }, seededRandom(1));
    const enough = isEnough();
    while (!enough(runs.length)) {
      const from = performance.now();
      await single.run(feeds, [output.name]);
      runs.push(secondsSince(from));
      await job.pause();
    }
  } finally {
    await single.release();
  }
  const warm = batches.length > 1 ? batches.slice(1) : batches;
  const read = median(warm.map((batch) => batch.read));
  return { read, image: read + median(warm.map((batch) => batch.run)), run: median(runs.slice(1)), open };
}

function isEnough(): (runs: number) => boolean {
  const started = performance.now();
  return (runs) => runs > mostRuns || (runs > fewestRuns && secondsSince(started) > timedSeconds);
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
