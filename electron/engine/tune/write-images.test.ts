import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { decodeNpy } from "../base/npy.ts";
import { memorySplit } from "../dataset/testing/memory-split.ts";
import { exceedsBudget, overBudget, writeImages, writtenImages } from "./write-images.ts";

const input = {
  name: "image",
  layout: "NCHW",
  channels: 1,
  height: 1,
  width: 2,
  type: "float32",
  dynamicBatch: true,
} as const;

/** Image n is [n, n + 0.5], of class n. */
function images(count: number, unreadable: readonly number[] = []) {
  const numbers = Array.from({ length: count }, (_, number) => number);
  return memorySplit({
    images: numbers.map((number) => Float32Array.of(number, number + 0.5)),
    labels: numbers,
    unreadable,
  });
}

async function npy(folder: string, name: string) {
  const { shape, data } = await decodeNpy(await readFile(join(folder, name)), name);
  return { shape, data };
}

test("images are shards of so many bytes, and their labels", async () => {
  const folder = join(await temporaryFolder({}), "images");
  const store = { folder, shardBytes: 16 };
  expect(await writeImages(images(5, [1]), input, store, silentJob)).toBe(4);
  expect((await readdir(folder)).sort()).toEqual([
    "images.json",
    "train-0000.npy",
    "train-0001.npy",
    "train-0002.npy",
    "train.labels.npy",
  ]);
  // Batches of two: [0], [2, 3], [4].
  expect(await npy(folder, "train-0000.npy")).toEqual({ shape: [1, 1, 1, 2], data: Float32Array.of(0, 0.5) });
  expect(await npy(folder, "train-0001.npy")).toEqual({
    shape: [2, 1, 1, 2],
    data: Float32Array.of(2, 2.5, 3, 3.5),
  });
  expect((await npy(folder, "train-0002.npy")).shape).toEqual([1, 1, 1, 2]);
  expect(await npy(folder, "train.labels.npy")).toEqual({ shape: [4], data: Int32Array.of(0, 2, 3, 4) });
});

test("bytes take a byte each", async () => {
  const folder = join(await temporaryFolder({}), "images");
  const split = {
    ...images(1),
    batches: async function* () {
      const indices = Int32Array.of(0);
      yield { images: Uint8Array.of(7, 255), labels: indices, indices, skipped: [] };
    },
  };
  await writeImages(split, { ...input, type: "uint8" }, { folder, shardBytes: 99 }, silentJob);
  expect(await npy(folder, "train-0000.npy")).toEqual({ shape: [1, 1, 1, 2], data: Uint8Array.of(7, 255) });
});

test("a budget is one of bytes", () => {
  expect(exceedsBudget(5, input, 40)).toBe(false);
  expect(exceedsBudget(5, input, 39)).toBe(true);
  expect(exceedsBudget(5, { ...input, type: "uint8" }, 10)).toBe(false);
  const refused = overBudget(50_000_000, { ...input, height: 224, type: "uint8" }, 8e9, "they are no files");
  expect([refused.code, refused.details]).toEqual(["usage", { missing: "imageBudget" }]);
  expect(refused.message).toBe(
    "50000000 training images of 224x2 take 22 GB on the disk, more than 8 GB, and they are no files; allow more, or train on fewer",
  );
});

test("what is whole is known, and what isn't is not", async () => {
  const folder = join(await temporaryFolder({}), "images");
  const store = { folder, shardBytes: 1e6 };
  expect(await writtenImages(folder)).toBeUndefined();
  await writeImages(images(5), input, store, silentJob);
  expect(await writtenImages(folder)).toBe(5);

  await truncate(join(folder, "train-0000.npy"), 150);
  await writeFile(join(folder, "train-0007.npy"), "of another shard size");
  expect(await writtenImages(folder)).toBeUndefined();
  await writeImages(images(5), input, store, silentJob);
  expect((await npy(folder, "train-0000.npy")).shape).toEqual([5, 1, 1, 2]);
  expect(await readdir(folder)).not.toContain("train-0007.npy");
});
