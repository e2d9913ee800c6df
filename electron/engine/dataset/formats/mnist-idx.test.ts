import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { openDataset } from "../open/open-dataset.ts";

function idx(dimensions: readonly number[], items: readonly number[]): Uint8Array {
  const sizes = dimensions.flatMap((size) => [0, 0, size >> 8, size & 255]);
  return Uint8Array.from([0, 0, 8, dimensions.length, ...sizes, ...items]);
}

const TRAIN = {
  "train-images-idx3-ubyte": idx([3, 1, 2], [1, 2, 3, 4, 5, 6]),
  "train-labels-idx1-ubyte": idx([3], [0, 1, 0]),
};

describe("mnist-idx format", () => {
  it("opens packed and unpacked files in an inner folder", async () => {
    const folder = await temporaryFolder({
      "FashionMNIST/raw/train-images-idx3-ubyte": TRAIN["train-images-idx3-ubyte"],
      "FashionMNIST/raw/train-labels-idx1-ubyte": TRAIN["train-labels-idx1-ubyte"],
      "FashionMNIST/raw/train-labels-idx1-ubyte.gz": "never read",
      "FashionMNIST/raw/t10k-images.idx3-ubyte.gz": gzipSync(idx([1, 1, 2], [7, 8])),
      "FashionMNIST/raw/t10k-labels.idx1-ubyte.gz": gzipSync(idx([1], [1])),
    });
    const source = await openDataset(folder);
    expect(source.classNames).toEqual(["0", "1"]);
    expect(source.parts.train?.labels).toEqual(Int32Array.of(0, 1, 0));
    expect(await source.read("train", [2, 0])).toEqual([
      { width: 2, height: 1, channels: 1, data: Uint8Array.of(5, 6) },
      { width: 2, height: 1, channels: 1, data: Uint8Array.of(1, 2) },
    ]);
    expect(await source.read("test", [0])).toMatchObject([{ data: Uint8Array.of(7, 8) }]);
    await source.close();
  });

  it("opens EMNIST's files, whose labels may count from 1", async () => {
    const files = {
      "emnist-letters-train-images-idx3-ubyte": idx([3, 1, 2], [1, 2, 3, 4, 5, 6]),
      "emnist-letters-train-labels-idx1-ubyte": idx([3], [2, 1, 2]),
      "emnist-letters-test-images-idx3-ubyte.gz": gzipSync(idx([1, 1, 2], [7, 8])),
      "emnist-letters-test-labels-idx1-ubyte.gz": gzipSync(idx([1], [1])),
    };
    const named = await openDataset(
      await temporaryFolder({ ...files, "emnist-letters-mapping.txt": "1 65 97\n2 66 98\n" }),
    );
    expect(named.classNames).toEqual(["Aa", "Bb"]);
    expect(named.parts.train?.labels).toEqual(Int32Array.of(1, 0, 1));
    expect(await named.read("train", [1])).toMatchObject([{ data: Uint8Array.of(3, 4) }]);
    expect(named.notes).toEqual([
      expect.stringMatching(/^EMNIST's files hold their images transposed; .* as torchvision does/),
      "labels run from 1 to 2 and none is 0: they are taken as classes 0 to 1",
    ]);
    await named.close();
    const plain = await openDataset(await temporaryFolder(files));
    expect(plain.classNames).toEqual(["0", "1", "2"]);
    expect(plain.parts.test?.labels).toEqual(Int32Array.of(1));
    await plain.close();
    const both = temporaryFolder({ ...files, ...TRAIN });
    await expect(openDataset(await both)).rejects.toThrow(/idx files of 2 data sets \(emnist-letters-, \)/);
  });

  it("reads past folders that are named like its files", async () => {
    const folder = await temporaryFolder({
      "train-images-idx3-ubyte/train-images-idx3-ubyte": "a folder",
      "train-images.idx3-ubyte": TRAIN["train-images-idx3-ubyte"],
      "train-labels.idx1-ubyte": TRAIN["train-labels-idx1-ubyte"],
    });
    const source = await openDataset(folder);
    expect(await source.read("train", [1])).toMatchObject([{ data: Uint8Array.of(3, 4) }]);
    await source.close();
  });

  const images = "train-images-idx3-ubyte";
  const labels = "train-labels-idx1-ubyte";
  it.each([
    [
      "a count that the images don't fill",
      { ...TRAIN, [images]: idx([4, 1, 2], [1, 2, 3, 4, 5, 6]) },
      /claims 4 x 1 x 2 bytes, but holds 6/,
    ],
    [
      "a count beyond all bounds",
      { ...TRAIN, [images]: Uint8Array.from([0, 0, 8, 3, ...Array(12).fill(255)]) },
      /claims 4294967295 x/,
    ],
    [
      "fewer labels than images",
      { ...TRAIN, [labels]: idx([2], [0, 1]) },
      /holds 3 images, but .* holds 2 labels/,
    ],
    [
      "labels for images",
      { ...TRAIN, [images]: idx([9], Array(9).fill(0)) },
      /starts with 0x00000801, expected 0x00000803/,
    ],
    ["images without pixels", { ...TRAIN, [images]: idx([3, 0, 2], []) }, /images are 0x2/],
    ["an empty file", { ...TRAIN, [labels]: new Uint8Array() }, /is 0 bytes long, no idx file/],
    [
      "images alone",
      { [images]: TRAIN[images] },
      /has no train labels-idx1-ubyte beside train-images-idx3-ubyte/,
    ],
    [
      "a damaged .gz",
      { [images]: TRAIN[images], [`${labels}.gz`]: gzipSync(TRAIN[labels]).subarray(0, 20) },
      /can't be unpacked/,
    ],
  ])("refuses %s", async (_, files, message) => {
    await expect(openDataset(await temporaryFolder(files))).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(message),
    });
  });
});
