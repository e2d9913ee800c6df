import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import { listImages, undecodable } from "./list-images.ts";

const input = {
  name: "image",
  layout: "NCHW",
  channels: 3,
  height: 224,
  width: 224,
  type: "uint8",
  dynamicBatch: true,
} as const;

/** Images 9, 3, 7, 1 and 5 of a part, of class their number modulo 2. */
const indices = Int32Array.of(9, 3, 7, 1, 5);
const train = { name: "train", part: "train", indices, labels: indices.map((index) => index % 2) } as const;
const source = { imageRoot: "photos", locate: (part: string, index: number) => `${part}/${index}.jpg` };
const data = { source, splits: { train } } as unknown as OpenData;
const preprocess = preprocessSchema.parse({ resize: 256, centreCrop: 224, channels: "bgr" });

test("a list has the split's files and how they become images", async () => {
  const folder = join(await temporaryFolder({ "images/train-0000.npy": "of before" }), "images");
  // Of the first three the second one can't be read.
  expect(await listImages(data, preprocess, input, [9, 7], folder)).toBe(4);
  expect(JSON.parse(await readFile(join(folder, "files.json"), "utf8"))).toEqual({
    root: resolve("photos"),
    height: 224,
    width: 224,
    channels: 3,
    resize: 256,
    interpolation: "bilinear",
    exifOrientation: false,
    isGrey: false,
    isBgr: true,
    files: ["train/9.jpg", "train/7.jpg", "train/1.jpg", "train/5.jpg"],
    labels: [1, 1, 1, 1],
  });
  await expect(readFile(join(folder, "train-0000.npy"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("what Pillow can't make the same isn't listed", () => {
  expect(undecodable(data, preprocess, input)).toBeUndefined();
  const arrays = { source: { ...source, imageRoot: undefined } } as unknown as OpenData;
  expect(undecodable(arrays, preprocess, input)).toMatch(/^they have no files of their own/);
  expect(undecodable(data, preprocess, { ...input, type: "float32" })).toMatch(/^they have no files/);
  const plain = { ...preprocess, antialias: false };
  expect(undecodable(data, plain, input)).toMatch(/^Pillow can't shrink them/);
  expect(undecodable(data, { ...plain, interpolation: "nearest" }, input)).toBeUndefined();
  expect(undecodable(data, { ...plain, resize: undefined }, input)).toBeUndefined();
});
