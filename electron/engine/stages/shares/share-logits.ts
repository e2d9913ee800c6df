import { partOfJob } from "../../../../shared/base/job.ts";
import { computeExitLogits, createLogitsFiles } from "../../calibrate/exit-logits.ts";
import type { ImageSplit } from "../../dataset/splits/image-split.ts";
import type { Head } from "../../heads/head.ts";
import type { JobRunner } from "../../jobs/job-kind.ts";
import type { PackedBatches } from "../../jobs/packed-batches.ts";
import { allTogether, divideEvenly } from "../../jobs/together.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import type { StageContext } from "../stage-context.ts";
import { logitsKind, logitsOf } from "./logits-kind.ts";
import { packOnce } from "./pack-once.ts";
import { type SentNetwork, sentNetwork } from "./sent-network.ts";

/** What a range should take at least, about a minute of a core: a worker needs a second or two to begin one. */
const rangeMacs = 2e12;
/** Ranges for each worker at most: who is slower, or joins later, does fewer or some. */
const mostEach = 8;

/** Bytes of logits that a range should give at most. */
const rangeResultBytes = 256e6;

/** Share of the time that packing images takes, roughly. */
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
  const packing = { ...context, job: partOfJob(job, 0, packingShare) };
  const packed = await packOnce(packing, backbone, split, dataKey);
  const sent = sentNetwork(backbone, heads);
  await shareLogits(
    runner,
    { ...context, job: partOfJob(job, packingShare, 1) },
    sent,
    packed,
    places,
    folder,
  );
}

/**
 * Has ranges of packed images run, and writes what they give to where the whole has it.
 * @param places how many ranges are run at once
 */
export async function shareLogits(
  runner: JobRunner,
  context: StageContext,
  network: SentNetwork,
  packed: PackedBatches,
  places: number,
  folder: string,
): Promise<void> {
  const { backbone, heads } = network;
  const { summary } = backbone;
  const sampleMacs = heads.reduce((sum, { macs }) => sum + macs, summary.macs);
  const sampleBytes = 4 * (heads.length + 1) * summary.output.classes;
  const samples = packed.labels.length;
  const wanted = Math.max(
    places,
    Math.min(mostEach * places, Math.floor((samples * sampleMacs) / rangeMacs)),
    Math.ceil((samples * sampleBytes) / rangeResultBytes),
  );
  const shares = divideEvenly(packed.partSamples, wanted).map(({ from, to }) => packed.range(from, to));
  const files = await createLogitsFiles(folder, heads.length + 1, summary.output.classes, packed.labels);
  try {
    const weights = shares.map((range) => range.samples);
    await allTogether("ranges", weights, context.job, async (index, job) => {
      const range = shares[index];
      const options = { macs: range.samples * sampleMacs };
      const result = await runner.run(logitsKind, { network, range }, options, { ...context, job });
      await files.write(range.start, range.samples, logitsOf(result.files));
    });
  } finally {
    await files.close();
  }
}
