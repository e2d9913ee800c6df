import { partOfJob } from "../../../../shared/base/job.ts";
import { computeExitLogits, createLogitsFiles } from "../../calibrate/exit-logits.ts";
import type { ImageSplit } from "../../dataset/splits/image-split.ts";
import type { Head } from "../../heads/head.ts";
import type { JobRunner } from "../../jobs/job-kind.ts";
import { allTogether, divideEvenly } from "../../jobs/together.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import type { StageContext } from "../stage-context.ts";
import { logitsKind, logitsOf } from "./logits-kind.ts";
import { type SentNetwork, sentNetwork } from "./sent-network.ts";
import { packSplit, type SplitPacker } from "./split-packer.ts";

/** What a range should take at least, half a minute of a core: between two, a worker waits for its images for a few tenths of a second. */
const rangeMacs = 1e12;
/** Ranges for each worker at most: who is slower, or joins later, does fewer or some. */
const mostEach = 8;

/** Bytes of logits that a range should give at most. */
const rangeResultBytes = 256e6;

/** Share of a range's time that packing its images takes, roughly. */
const packingShare = 0.1;

/**
 * Logits of a split at every exit, as {@link computeExitLogits} writes them; by workers range by range, where there are some.
 * @param dataKey all that the split's images depend on, see `LoadedData.key`
 */
export async function writeExitLogits(
  context: StageContext,
  network: { readonly backbone: Backbone; readonly heads: readonly Head[] },
  split: ImageSplit,
  dataKey: unknown,
  folder: string,
): Promise<void> {
  const { runner, job } = context;
  const { backbone, heads } = network;
  const places = await runner?.places?.();
  if (!runner || places === undefined) return computeExitLogits(backbone, heads, split, folder, job);
  const packer = packSplit(context.cache, backbone, split, dataKey);
  try {
    await shareLogits(runner, context, sentNetwork(backbone, heads), packer, places, folder);
  } finally {
    await packer.close();
  }
}

/**
 * Has ranges of images run, each as soon as it is packed, and writes what they give to where the whole has it.
 * @param places how many ranges are run at once
 */
export async function shareLogits(
  runner: JobRunner,
  context: StageContext,
  network: SentNetwork,
  packer: SplitPacker,
  places: number,
  folder: string,
): Promise<void> {
  const { backbone, heads } = network;
  const { summary } = backbone;
  const sampleMacs = heads.reduce((sum, { macs }) => sum + macs, summary.macs);
  const sampleBytes = 4 * (heads.length + 1) * summary.output.classes;
  const images = packer.partImages.reduce((sum, own) => sum + own, 0);
  const wanted = Math.max(
    places,
    Math.min(mostEach * places, Math.floor((images * sampleMacs) / rangeMacs)),
    Math.ceil((images * sampleBytes) / rangeResultBytes),
  );
  const shares = divideEvenly(packer.partImages, wanted);
  const weights = shares.map(({ from, to }) =>
    packer.partImages.slice(from, to).reduce((sum, own) => sum + own),
  );
  const labels: Int32Array[] = [];
  const files = await createLogitsFiles(folder, heads.length + 1, summary.output.classes);
  try {
    await allTogether("ranges", weights, context.job, async (index, job) => {
      const { from, to } = shares[index];
      const range = await packer.range(from, to, partOfJob(job, 0, packingShare));
      const samples = range.labels.length;
      labels[index] = range.labels;
      if (samples === 0) return;
      const running = { ...context, job: partOfJob(job, packingShare, 1) };
      const options = { macs: samples * sampleMacs };
      const result = await runner.run(logitsKind, { network, range }, options, running);
      await files.write(range.start, samples, logitsOf(result.files));
    });
    await files.finish(labels);
  } finally {
    await files.close();
  }
}
