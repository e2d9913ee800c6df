import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { encodeNpy, type NpyArray } from "../../base/npy.ts";
import { encodeNpz } from "../../base/npz.ts";
import { openDataset } from "../open/open-dataset.ts";

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

  it("takes flat rows as square images, and says so", async () => {
    const grey = { shape: [2, 64], data: Uint8Array.from({ length: 128 }, (_, at) => at) };
    const planes = { shape: [1, 192], data: Uint8Array.from({ length: 192 }, (_, at) => at) };
    const source = await open({
      "train.npz": encodeNpz({ x: grey, y: labels(0, 1) }),
      "test.npz": encodeNpz({ x: planes, y: labels(1) }),
    });
    expect(await source.read("train", [1])).toEqual([
      { width: 8, height: 8, channels: 1, data: grey.data.slice(64) },
    ]);
    const [colour] = await source.read("test", [0]);
    expect(colour).toMatchObject({ width: 8, height: 8, channels: 3, data: { 0: 0, 1: 64, 2: 128, 3: 1 } });
    expect(source.notes).toEqual([
      "rows of 192 values are taken as 8x8 images of three planes, red first",
      "rows of 64 values are taken as 8x8 grey images",
    ]);
    await source.close();
  });

  it("opens pairs of archives of one array each, whatever their shared title", async () => {
    const source = await open({
      "kmnist-train-imgs.npz": encodeNpz({ arr_0: images(2) }, true),
      "kmnist-train-labels.npz": encodeNpz({ arr_0: labels(1, 0) }, true),
      "kmnist-test-imgs.npz": encodeNpz({ arr_0: images(1) }, true),
      "kmnist-test-labels.npz": encodeNpz({ arr_0: labels(1) }, true),
      "kmnist_classmap.csv": "index,codepoint,char\n0,U+304A,お\n",
    });
    expect(source.parts.train?.labels).toEqual(Int32Array.of(1, 0));
    expect(source.parts.test?.labels).toEqual(Int32Array.of(1));
    expect(await source.read("train", [1])).toMatchObject([{ data: new Uint8Array(6).fill(1) }]);
    await source.close();
    const two = { "k-images.npz": encodeNpz({ a: images(2), b: images(2) }), "k-labels.npz": encodeNpz({}) };
    await expect(open(two)).rejects.toThrow(/k-images\.npz: holds the arrays a, b, expected one/);
  });

  it("opens MedMNIST's archives and one-hot labels", async () => {
    const arrays = {
      train_images: { shape: [2, 2, 2, 3], data: Uint8Array.from({ length: 24 }, (_, at) => at) },
      train_labels: { shape: [2, 1], data: Uint8Array.of(1, 0) },
      val_images: { shape: [1, 2, 2, 3], data: new Uint8Array(12) },
      val_labels: { shape: [1, 1], data: Uint8Array.of(0) },
      test_images: { shape: [2, 2, 2, 3], data: new Uint8Array(24).fill(9) },
      test_labels: { shape: [2, 3], data: Float32Array.of(0, 0, 1, 0, 1, 0) },
    };
    const source = await open({ "pathmnist.npz": encodeNpz(arrays) }, "pathmnist.npz");
    expect(source.parts.train?.labels).toEqual(Int32Array.of(1, 0));
    expect(source.parts.test?.labels).toEqual(Int32Array.of(2, 1));
    expect(await source.read("train", [1])).toMatchObject([{ channels: 3, data: { 0: 12, 11: 23 } }]);
    await source.close();
  });

  it("numbers names by code point", async () => {
    const named = (descr: string, itemBytes: number, ...names: string[]) => {
      const bytes = encodeNpy({ shape: [names.length], data: new Uint8Array(names.length) });
      const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${names.length},), }`.padEnd(117);
      const items = Buffer.concat(
        names.map((name) => Buffer.concat([Buffer.from(name), Buffer.alloc(itemBytes)], itemBytes)),
      );
      return Buffer.concat([bytes.subarray(0, 10), Buffer.from(`${text}\n`), items]);
    };
    const files = {
      "train-images.npy": encodeNpy(images(3)),
      "train-labels.npy": named("|S5", 5, "cat", "Zebra", "ant"),
      "test-images.npy": encodeNpy(images(1)),
      "test-labels.npy": named("|S4", 4, "cat"),
    };
    const source = await open(files);
    expect(source.classNames).toEqual(["Zebra", "ant", "cat"]);
    expect(source.parts.train?.labels).toEqual(Int32Array.of(2, 0, 1));
    expect(source.parts.test?.labels).toEqual(Int32Array.of(2));
    await source.close();
    const mixed = open({ ...files, "test-labels.npy": encodeNpy(labels(0)) });
    await expect(mixed).rejects.toThrow(/some labels are names, others are numbers/);
  });

  it("reads past folders that are named like files, and names pointers of Git LFS", async () => {
    const files = { "X.npy": encodeNpy(images(2)), "y.npy": encodeNpy(labels(0, 1)) };
    const source = await open({ ...files, "train.npz/x.npy": "", "x.npz/deep/1": "" });
    expect(Object.keys(source.parts)).toEqual(["all"]);
    await source.close();
    await expect(open({ "x.npz/notes.txt": "" }, "x.npz")).rejects.toThrow(
      /x\.npz: no data set found, it holds/,
    );
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    await expect(open({ "x.npz": pointer }, "x.npz")).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(/x\.npz: is a Git LFS pointer, .*`git lfs pull`/),
    });
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
    [
      "rows of several classes",
      { ...pair, y: { shape: [2, 2], data: Uint8Array.of(0, 1, 1, 1) } },
      /\(y\)\[1\]: is a row of 2 values, expected one-hot/,
    ],
    ["boxes for labels", { ...pair, y: { shape: [2, 1, 4], data: new Uint8Array(8) } }, /shape \[2, 1, 4\]/],
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
