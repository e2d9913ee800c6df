import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { cancelledError, silentJob } from "../../../../shared/base/job.ts";
import { seededRandom } from "../../../../shared/base/random.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { StageCache } from "../../base/cache.ts";
import type { ImageSplit } from "../../dataset/splits/image-split.ts";
import { memorySplit } from "../../dataset/testing/memory-split.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import { importProto, noiseImages } from "../../onnx/testing/test-backbone.ts";
import { residualNet } from "../../onnx/testing/test-graphs.ts";
import { packSplit, type SplitPacker } from "./split-packer.ts";

/** 19 batches of 32 in ten parts, and two images that can't be read. */
const count = 601;

describe("a split that is packed part by part", () => {
  let backbone: Backbone;
  let split: ImageSplit;
  let cache: StageCache;
  let reads: number;

  beforeAll(async () => {
    backbone = await importProto(residualNet(3, ["batch", 3, 8, 8]));
    const images = noiseImages(backbone, count, seededRandom(5));
    const whole = memorySplit({ images, labels: images.map((_, row) => row % 5), unreadable: [8, 340] });
    split = {
      ...whole,
      async *batches(size) {
        for await (const batch of whole.batches(size)) {
          reads++;
          yield batch;
        }
      },
    };
  });

  /** Of a cache of its own. */
  async function begin(): Promise<SplitPacker> {
    cache = new StageCache(await temporaryFolder());
    reads = 0;
    return packSplit(cache, backbone, split, "data");
  }
  const again = () => packSplit(cache, backbone, split, "data");

  async function imagesOf(packer: SplitPacker, from: number, to: number): Promise<number[]> {
    const values = [];
    for await (const { images, labels } of (await packer.range(from, to, silentJob)).images.batches(32))
      values.push(...labels, ...images.subarray(0, 3 * 8 * 8 * labels.length));
    return values;
  }

  it("reads no more than what was asked for, once, in whatever order ranges are asked for", async () => {
    const packer = await begin();
    const first = await packer.range(0, 2, silentJob);
    expect([first.start, first.labels.length, reads]).toEqual([0, 127, 4]);
    const [third, second] = await Promise.all([
      packer.range(7, 10, silentJob),
      packer.range(2, 7, silentJob),
    ]);
    expect([second.start, second.labels.length, third.start, third.labels.length]).toEqual([
      127, 319, 446, 153,
    ]);
    expect(reads).toBe(19);
    await packer.close();
  });

  it("is read no more once it is packed, and where a part was lost that part is made again", async () => {
    const packer = await begin();
    const whole = await imagesOf(packer, 0, 10);
    expect(reads).toBe(19);
    await packer.close();
    expect(await imagesOf(again(), 0, 10)).toEqual(whole);
    expect(reads).toBe(19);
    const [one, , other] = await readdir(cache.folder);
    for (const name of [one, other]) await rm(join(cache.folder, name), { recursive: true });
    const mending = again();
    expect(await imagesOf(mending, 0, 10)).toEqual(whole);
    expect(reads).toBeLessThanOrEqual(2 * 19);
    await mending.close();
    expect(await readdir(cache.folder)).toHaveLength(10);
  });

  it("goes on where whoever asked for a range has stopped", async () => {
    const packer = await begin();
    let pauses = 0;
    const pause = async () => {
      if (++pauses === 4) throw cancelledError();
    };
    await expect(packer.range(0, 10, { ...silentJob, pause })).rejects.toMatchObject({ code: "cancelled" });
    const whole = await imagesOf(packer, 0, 10);
    await packer.close();
    expect(whole).toEqual(await imagesOf(await begin(), 0, 10));
  });
});
