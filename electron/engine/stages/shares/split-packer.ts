import type { Job } from "../../../../shared/base/job.ts";
import type { StageCache } from "../../base/cache.ts";
import type { ImageSplit } from "../../dataset/splits/image-split.ts";
import type { ImageBatch } from "../../dataset/splits/read-batch.ts";
import { batchSize } from "../../dataset/splits/run-images.ts";
import {
  type BatchRange,
  batchesInPart,
  joinBatches,
  openBatches,
  type PackedBatches,
  packPart,
  rangeOf,
} from "../../jobs/packed-batches.ts";
import type { Backbone } from "../../onnx/backbone.ts";

/** Packs a split for workers part by part, in its order, so that the first can begin while the rest is read. */
export interface SplitPacker {
  /** Images of each part, unreadable ones included. */
  readonly partImages: readonly number[];
  /**
   * Some neighbouring parts, once they and those before them are packed. Who asks first is served first.
   * @throws what reading images throws, 'cancelled'
   */
  range(from: number, to: number, job: Job): Promise<PackedRange>;
  /** Ends it, once nothing is asked of it any more. */
  close(): Promise<void>;
}

export interface PackedRange extends BatchRange {
  /** Readable images before them in the split. */
  readonly start: number;
}

/**
 * A split as a network reads it, in the batches in which it would run here; its parts are kept.
 * @param key all that the split's images depend on, and which split it is
 */
export function packSplit(
  cache: StageCache,
  { summary }: Backbone,
  split: ImageSplit,
  key: unknown,
): SplitPacker {
  const { input } = summary;
  const size = batchSize(summary);
  const each = batchesInPart(split.count, input, size);
  const partCount = Math.ceil(split.count / (each * size));
  const reader = readInTurn(split, size);
  const packed: PackedBatches[] = [];
  const packNext = async (job: Job) => {
    const part = packed.length;
    const isLast = part === partCount - 1;
    // Batches of which no image can be read aren't there, so the last part may be short.
    const batches = reader.from(part * each, isLast ? Number.POSITIVE_INFINITY : each, job);
    const request = {
      stage: "packed",
      // The third form in which they are packed.
      key: { key, input, size, each, part, form: 3 },
      produce: (folder: string) => packPart(batches, input, folder),
      read: (folder: string) => openBatches(folder, input),
    };
    packed.push((await cache.get(request, job)).result);
  };
  let turn: Promise<void> = Promise.resolve();
  return {
    partImages: Array.from({ length: partCount }, (_, part) =>
      Math.min(each * size, split.count - part * each * size),
    ),
    range: async (from, to, job) => {
      const own = turn.then(async () => {
        for (const begun = packed.length; packed.length < to; ) {
          job.report(packed.length - begun, to - begun, "packing images");
          await packNext(job);
        }
      });
      turn = own.catch(() => {});
      await own;
      const joined = joinBatches(packed.slice(from, to));
      const isWhole = from === 0 && to === partCount;
      const range = rangeOf({ ...joined, count: isWhole ? split.count : joined.labels.length }, input);
      const before = packed.slice(0, from).reduce((sum, { labels }) => sum + labels.length, 0);
      return { ...range, start: before };
    },
    close: () => reader.close(),
  };
}

/** Batches of a split from one pass through it, as long as they are asked for in its order. */
function readInTurn(split: ImageSplit, size: number) {
  let batches: AsyncGenerator<ImageBatch> | undefined;
  let passed = 0;
  const close = async () => {
    await batches?.return(undefined);
    [batches, passed] = [undefined, 0];
  };
  return {
    close,
    /** @param count of batches at most */
    from: (first: number, count: number, job: Job): AsyncIterable<ImageBatch> => ({
      async *[Symbol.asyncIterator]() {
        // Asked for again: what was being kept was removed meanwhile.
        if (passed > first) await close();
        batches ??= split.batches(size);
        while (passed < first + count) {
          await job.pause();
          const { value, done } = await batches.next();
          if (done) return;
          if (passed++ >= first) yield value;
        }
      },
    }),
  };
}
