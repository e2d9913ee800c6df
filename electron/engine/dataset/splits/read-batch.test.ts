import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { encodeNpy } from "../../base/npy.ts";
import type { DatasetSource } from "../dataset-source.ts";
import type { RawImage, UnreadableImage } from "../images/raw-image.ts";
import { openDataset } from "../open/open-dataset.ts";
import { parsePreprocess } from "./preprocess.ts";
import { readBatch, readDecoded, readSplit } from "./read-batch.ts";
import type { Split } from "./splits.ts";

const INPUT: BackboneInput = {
  name: "image",
  type: "float32",
  layout: "NCHW",
  channels: 1,
  height: 1,
  width: 1,
  dynamicBatch: true,
};
const AS_IS = parsePreprocess({ scale: 1 }, "p");

/** `count` images of one pixel that holds the image's index; those in `broken` can't be read. */
function onePixelSource(count: number, broken: readonly number[] = []): DatasetSource {
  const image = (index: number): RawImage | UnreadableImage =>
    broken.includes(index)
      ? { path: `${index}.png`, reason: "cut short" }
      : { width: 1, height: 1, channels: 1, data: Float32Array.of(index) };
  return {
    path: "pixels",
    format: "test",
    classNames: ["even", "odd"],
    parts: { all: { labels: Int32Array.from({ length: count }, (_, index) => index % 2) } },
    read: async (_, indices) => Array.from(indices, image),
    locate: (_, index) => `${index}.png`,
    notes: [],
    fingerprint: async () => "",
    close: async () => {},
  };
}

function wholeSplit(source: DatasetSource): Split {
  const labels = source.parts.all?.labels ?? new Int32Array(0);
  return { name: "test", part: "all", indices: labels.map((_, index) => index), labels };
}

describe("readBatch", () => {
  it("decodes fewer images at a time the larger they are", async () => {
    const counts: number[] = [];
    const data = new Uint8Array(100 * 2 ** 20);
    const large: DatasetSource = {
      ...onePixelSource(12),
      read: async (_, indices) => {
        counts.push(indices.length);
        return Array.from(indices, () => ({ width: 10_240, height: 10_240, channels: 1, data }));
      },
    };
    const middle = parsePreprocess({ scale: 1, centreCrop: 1 }, "p");
    await readBatch(
      large,
      "all",
      large.parts.all!.labels.map((_, at) => at),
      middle,
      INPUT,
      new Float32Array(12),
    );
    // Four before their size is known, then as many as fit 256 MiB.
    expect(counts).toEqual([4, 2, 2, 2, 2]);
  });

  it("packs the readable images and names the others", async () => {
    const into = new Float32Array(5);
    const batch = await readBatch(onePixelSource(100, [7, 40]), "all", [40, 3, 7, 98], AS_IS, INPUT, into);
    expect(batch).toEqual({
      labels: Int32Array.of(1, 0),
      indices: Int32Array.of(3, 98),
      skipped: [
        { path: "40.png", reason: "cut short" },
        { path: "7.png", reason: "cut short" },
      ],
    });
    expect([...into]).toEqual([3, 98, 0, 0, 0]);
  });

  it("goes from files to the model's input, decoded, resized and cropped", async () => {
    const image = (level: number) =>
      sharp({ create: { width: 20, height: 10, channels: 3, background: { r: level, g: 0, b: 100 } } })
        .png()
        .toBuffer();
    const folder = await temporaryFolder({ "a/1.png": await image(50), "b/1.png": await image(250) });
    const source = await openDataset(folder);
    const input: BackboneInput = { ...INPUT, channels: 3, height: 4, width: 4 };
    const into = new Float32Array(2 * 48);
    const preprocess = parsePreprocess({ resize: 5, centreCrop: 4, scale: 1 }, "p");
    const { labels } = await readBatch(source, "all", [1, 0], preprocess, input, into);
    expect(labels).toEqual(Int32Array.of(1, 0));
    const planes = [250, 0, 100, 50, 0, 100].flatMap((level) => Array<number>(16).fill(level));
    expect([...into]).toEqual(planes);
  });

  it("names the image whose size is wrong", async () => {
    const files = {
      "images.npy": encodeNpy({ shape: [2, 3, 3], data: new Uint8Array(18) }),
      "labels.npy": encodeNpy({ shape: [2], data: Uint8Array.of(0, 1) }),
    };
    const source = await openDataset(join(await temporaryFolder(files)));
    await expect(readBatch(source, "all", [1], AS_IS, INPUT, new Float32Array(9))).rejects.toMatchObject({
      code: "data-mismatch",
      message: expect.stringMatching(/images\.npy\[1\]: the image is 3x3 .* is 1x1/),
    });
    await source.close();
  });

  it("refuses an array that is too short or of the wrong type, a part that isn't there and unfit means", async () => {
    const source = onePixelSource(4);
    const read = (into: Float32Array | Uint8Array, part: "all" | "val" = "all", mean = [0]) =>
      readBatch(source, part, [0, 1], { ...AS_IS, mean }, INPUT, into);
    await expect(read(new Float32Array(1))).rejects.toThrow(
      /batch of 2 needs 2 float32 values.*Float32Array of 1/,
    );
    await expect(read(new Uint8Array(2))).rejects.toThrow(/Uint8Array of 2/);
    await expect(read(new Float32Array(2), "val")).rejects.toThrow(/pixels: has no part "val"/);
    await expect(read(new Float32Array(2), "all", [0, 0])).rejects.toMatchObject({ code: "data-mismatch" });
  });
});

describe("readSplit", () => {
  it("gives every image once, in the split's order, and up to 1 % unreadable ones by name", async () => {
    const source = onePixelSource(200, [0, 150]);
    const seen: number[] = [];
    const skipped: string[] = [];
    for await (const batch of readSplit(source, wholeSplit(source), AS_IS, INPUT, 64)) {
      expect(batch.images.length).toBe(batch.labels.length);
      expect([...batch.indices].map((index) => index % 2)).toEqual([...batch.labels]);
      seen.push(...batch.images);
      skipped.push(...batch.skipped.map(({ path }) => path));
    }
    expect(seen).toEqual(
      Array.from({ length: 200 }, (_, index) => index).filter((index) => index % 150 !== 0),
    );
    expect(skipped).toEqual(["0.png", "150.png"]);
  });

  it("stops at more than 1 % unreadable images and names the first", async () => {
    const source = onePixelSource(200, [0, 1, 2, 3]);
    const readAll = async () => {
      for await (const _ of readSplit(source, wholeSplit(source), AS_IS, INPUT, 100));
    };
    await expect(readAll()).rejects.toMatchObject({
      code: "data-invalid",
      message:
        "pixels: 4 of 200 images of the test split can't be read, more than 1 %: 0.png (cut short), 1.png (cut short), 2.png (cut short), …; repair or remove them",
    });
  });
});

describe("readDecoded", () => {
  it("gives the images of the same batches as they were decoded, however few are read at a time", async () => {
    // The whole batch of 4 and 5 can't be read.
    const plain = onePixelSource(250, [4, 5]);
    // A source may give fewer than it is asked for.
    const source: DatasetSource = {
      ...plain,
      read: async (part, indices) => plain.read(part, Array.from(indices).slice(0, 3)),
    };
    const batches: { images: number[]; labels: number[] }[] = [];
    for await (const { images, labels } of readSplit(source, wholeSplit(source), AS_IS, INPUT, 2))
      batches.push({ images: [...images], labels: [...labels] });
    const decoded: typeof batches = [];
    for await (const { images, labels, places } of readDecoded(source, wholeSplit(source), 2)) {
      decoded.push({ images: images.map(({ data }) => data[0]), labels: [...labels] });
      expect(places).toEqual(images.map(({ data }) => `${data[0]}.png`));
    }
    expect(decoded).toHaveLength(124);
    expect(decoded).toEqual(batches);
  });

  it("stops where more can't be read than may be", async () => {
    const source = onePixelSource(100, [4, 5]);
    const read = async () => {
      for await (const { images } of readDecoded(source, wholeSplit(source), 10))
        expect(images.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toMatchObject({ code: "data-invalid" });
  });
});
