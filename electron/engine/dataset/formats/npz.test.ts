import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeNpy, type NpyArray } from "../npy.ts";
import { encodeNpz } from "../npz.ts";
import { openDataset } from "../open-dataset.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** [n x 2 x 3] bytes, image k filled with k. */
function images(n: number): NpyArray {
  return { shape: [n, 2, 3], data: Uint8Array.from({ length: 6 * n }, (_, at) => Math.floor(at / 6)) };
}

function labels(...values: number[]): NpyArray {
  return { shape: [values.length], data: BigInt64Array.from(values, BigInt) };
}

async function open(files: Record<string, Uint8Array | string>, path = "") {
  return openDataset(join(await temporaryFolder(files), path));
}

describe("npz format", () => {
  it.each([false, true])("opens a Keras-style archive, compressed: %s", async (compressed) => {
    const arrays = {
      x_train: images(4),
      y_train: { shape: [4, 1], data: Uint8Array.of(0, 1, 2, 1) },
      x_test: images(2),
      y_test: labels(2, 0),
    };
    const source = await open({ "mine.npz": encodeNpz(arrays, compressed) }, "mine.npz");
    expect(source.classNames).toEqual(["0", "1", "2"]);
    expect(source.parts.train?.labels).toEqual(Int32Array.of(0, 1, 2, 1));
    expect(source.parts.test?.labels).toEqual(Int32Array.of(2, 0));
    expect(await source.read("train", [3])).toEqual([
      { width: 3, height: 2, channels: 1, data: new Uint8Array(6).fill(3) },
    ]);
    expect(source.locate("train", 3)).toMatch(/mine\.npz \(x_train\)\[3\]$/);
    await source.close();
  });

  it.each([
    ["images", "labels", "all"],
    ["x", "y", "all"],
    ["X", "y", "all"],
    ["train_images", "train_labels", "train"],
    ["x_val", "y_val", "val"],
  ])("finds the arrays %s and %s", async (x, y, part) => {
    const arrays = { [x]: images(2), [y]: labels(0, 1), mean_image: images(1), label_names: labels(7) };
    const source = await open({ "a.npz": encodeNpz(arrays) }, "a.npz");
    expect(Object.keys(source.parts)).toEqual([part]);
    await source.close();
  });

  it("opens a folder of archives", async () => {
    const source = await open({
      "train.npz": encodeNpz({ images: images(3), labels: labels(0, 1, 1) }),
      "val.npz": encodeNpz({ x_val: images(1), y_val: labels(0) }),
      "test.npz": encodeNpz({ x: images(2), y: labels(1, 0) }, true),
    });
    expect(source.classNames).toEqual(["0", "1"]);
    expect(
      Object.entries(source.parts)
        .map(([part, { labels }]) => [part, labels.length])
        .sort(),
    ).toEqual([
      ["test", 2],
      ["train", 3],
      ["val", 1],
    ]);
    expect(await source.read("test", [1, 0])).toMatchObject([
      { data: new Uint8Array(6).fill(1) },
      { data: new Uint8Array(6).fill(0) },
    ]);
    await source.close();
  });

  it("reads planes, half floats and wide integers as pixels", async () => {
    const planes = { shape: [2, 3, 1, 5], data: Uint8Array.from({ length: 30 }, (_, at) => at) };
    const wide = { shape: [2, 1, 2], data: BigInt64Array.of(1n, 255n, -3n, 0n) };
    const floats = { shape: [2, 1, 2], data: Float32Array.of(0.25, 1, Number.NaN, 0) };
    const source = await open({
      "train.npz": encodeNpz({ x: planes, y: labels(0, 1) }),
      "val.npz": encodeNpz({ x: wide, y: labels(0, 1) }),
      "test.npz": encodeNpz({ x: floats, y: labels(0, 1) }),
    });
    const [second] = await source.read("train", [1]);
    expect(second).toMatchObject({
      width: 5,
      height: 1,
      channels: 3,
      data: Uint8Array.of(15, 20, 25, 16, 21, 26, 17, 22, 27, 18, 23, 28, 19, 24, 29),
    });
    expect(await source.read("val", [0, 1])).toMatchObject([
      { data: Float32Array.of(1, 255) },
      { data: Float32Array.of(-3, 0) },
    ]);
    expect(await source.read("test", [0, 1])).toMatchObject([
      { data: Float32Array.of(0.25, 1) },
      { path: expect.stringMatching(/\(x\)\[1\]$/), reason: "holds values that are no finite numbers" },
    ]);
    await source.close();
  });

  it("says so when a file shrinks while it is open", async () => {
    const folder = await temporaryFolder({
      "X.npy": encodeNpy(images(4)),
      "y.npy": encodeNpy(labels(0, 1, 0, 1)),
    });
    const source = await openDataset(folder);
    await writeFile(join(folder, "X.npy"), "gone");
    await expect(source.read("all", [3])).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringMatching(/X\.npy: ends at byte/),
    });
    await source.close();
  });

  const pair = { x: images(2), y: labels(0, 1) };
  it.each([
    ["no known arrays", { a: images(1), b: images(1) }, /holds the arrays a, b, expected images and labels/],
    ["images without labels", { x: images(1) }, /has x, but no labels for it/],
    ["two candidates", { ...pair, images: images(2) }, /both x and images could be the all images/],
    [
      "a pair without a part beside others",
      { ...pair, x_test: images(1), y_test: labels(0) },
      /isn't named after/,
    ],
    ["unequal counts", { ...pair, y: labels(0) }, /\(x\) holds 2 images, but .*\(y\) holds 1 labels/],
    ["no images at all", { x: images(0), y: labels() }, /holds no images/],
    [
      "flat images",
      { ...pair, x: { shape: [2, 6], data: new Uint8Array(12) } },
      /shape \[2, 6\], expected images as/,
    ],
    ["one-hot labels", { ...pair, y: { shape: [2, 2], data: new Uint8Array(4) } }, /\[2, 2\].*not one-hot/],
    ["a negative label", { ...pair, y: labels(0, -1) }, /\(y\)\[1\]: label is -1/],
    ["a label beyond reason", { ...pair, y: labels(2 ** 40, 0) }, /\(y\)\[0\]: label is 1099511627776/],
    ["a broken label", { ...pair, y: { shape: [2], data: Float32Array.of(0, 0.5) } }, /\[1\]: label is 0.5/],
  ])("refuses %s", async (_, arrays, message) => {
    const opened = open({ "a.npz": encodeNpz(arrays as Record<string, NpyArray>) }, "a.npz");
    await expect(opened).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(message),
    });
  });

  it("refuses a .npy cut short", async () => {
    const files = { "X.npy": encodeNpy(images(2)).subarray(0, 139), "y.npy": encodeNpy(labels(0, 1)) };
    await expect(open(files)).rejects.toThrow(
      /X\.npy: claims shape \[2, 2, 3\] of u1, 12 bytes, but holds 11/,
    );
  });
});
