import type { ImageSplit } from "../../dataset/splits/image-split.ts";
import { batchSize } from "../../dataset/splits/run-images.ts";
import { openBatches, type PackedBatches, packBatches } from "../../jobs/packed-batches.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import type { StageContext } from "../stage-context.ts";

/**
 * A split as a network reads it, packed for workers and kept: its batches are those in which it would run here.
 * @param key all that the split's images depend on, and which split it is
 */
export async function packOnce(
  { cache, job }: StageContext,
  { summary }: Backbone,
  split: ImageSplit,
  key: unknown,
): Promise<PackedBatches> {
  const { input } = summary;
  const size = batchSize(summary);
  const request = {
    stage: "packed",
    // The second form in which they are packed.
    key: { key, input, size, form: 2 },
    produce: (folder: string) => packBatches(split, input, size, folder, job),
    read: (folder: string) => openBatches(folder, input),
  };
  return (await cache.get(request, job)).result;
}
