import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { decodeNpy } from "../base/npy.ts";
import { memorySplit } from "../dataset/testing/memory-split.ts";
import { writeImages } from "./write-images.ts";

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
  const store = { folder, budgetBytes: 40, shardBytes: 16 };
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
  await writeImages(
    split,
    { ...input, type: "uint8" },
    { folder, budgetBytes: 2, shardBytes: 99 },
    silentJob,
  );
  expect(await npy(folder, "train-0000.npy")).toEqual({ shape: [1, 1, 1, 2], data: Uint8Array.of(7, 255) });
});

test("more than the budget isn't begun", async () => {
  const folder = join(await temporaryFolder({}), "images");
  const store = { folder, budgetBytes: 39, shardBytes: 16 };
  await expect(writeImages(images(5), input, store, silentJob)).rejects.toMatchObject({
    code: "usage",
    message:
      "5 training images of 1x2 take 4e-8 GB on the disk, more than 3.9e-8 GB; allow more, or train on fewer",
    details: { missing: "imageBudget" },
  });
  expect(await readdir(join(folder, ".."))).toEqual([]);
});

test("what is whole isn't written again, and what isn't is", async () => {
  const folder = join(await temporaryFolder({}), "images");
  const store = { folder, budgetBytes: 1e6, shardBytes: 1e6 };
  await writeImages(images(5), input, store, silentJob);
  const never = { ...images(5), batches: () => expect.unreachable() };
  expect(await writeImages(never, input, store, silentJob)).toBe(5);

  await truncate(join(folder, "train-0000.npy"), 150);
  await writeFile(join(folder, "train-0007.npy"), "of another shard size");
  expect(await writeImages(images(5), input, store, silentJob)).toBe(5);
  expect((await npy(folder, "train-0000.npy")).shape).toEqual([5, 1, 1, 2]);
  expect(await readdir(folder)).not.toContain("train-0007.npy");
});
