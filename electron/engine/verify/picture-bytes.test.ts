import { expect, it } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import { imagePreparer } from "../dataset/splits/image-split.ts";
import { imageDims } from "../onnx/backbone.ts";
import { imageOfType } from "../onnx/image-types.ts";
import { pictureBytes, pictureMaker } from "./picture-bytes.ts";

const input: BackboneInput = {
  ...{ name: "x", type: "float32", channels: 3, height: 4, width: 6 },
  ...{ layout: "NCHW", dynamicBatch: true },
};
const random = seededRandom(4);
const photo = (channels: number) => ({
  ...{ width: 11, height: 9, channels },
  data: Uint8Array.from({ length: 99 * channels }, () => Math.floor(256 * random())),
});

it.each([
  { title: "red first", preprocess: {}, change: {}, channels: 3 },
  { title: "blue first", preprocess: { channels: "bgr", mean: [0.2, 0.5, 0.1] }, change: {}, channels: 3 },
  { title: "the luma", preprocess: {}, change: { channels: 1 }, channels: 3 },
  { title: "grey in all channels", preprocess: {}, change: { layout: "NHWC" }, channels: 1 },
  { title: "whole numbers", preprocess: {}, change: { type: "int8" }, channels: 3 },
] as const)("a picture is cut to the bytes that the network's image is made of: $title", (own) => {
  const preprocess = preprocessSchema.parse({ resize: [5, 6], centreCrop: [4, 6], ...own.preprocess });
  const reader = { preprocess, input: { ...input, ...own.change } };
  const image = photo(own.channels);
  const made = imagePreparer(preprocess, reader.input)(image, "photo");
  const tensor = imageOfType(reader.input.type, made, imageDims(reader, 1) as number[]);
  const wanted = pictureBytes(tensor, reader);
  const make = pictureMaker(reader);
  const found = make(image, "photo");
  expect([...found.dims]).toEqual([...wanted.dims]);
  expect([...(found.data as Uint8Array)]).toEqual([...(wanted.data as Uint8Array)]);
  expect(found.dims).toEqual([1, 4, 6, reader.input.channels]);
});

it("of floats those are cut that are bytes, and no others", () => {
  const preprocess = preprocessSchema.parse({ centreCrop: [4, 6] });
  const { data, ...size } = photo(3);
  const make = pictureMaker({ input, preprocess });
  const bytes = make({ ...size, data }, "photo");
  expect(make({ ...size, data: Float32Array.from(data) }, "photo").data).toEqual(bytes.data);
  const between = Float32Array.from(data, (value) => value + 0.5);
  expect(() => make({ ...size, data: between }, "photo")).toThrow(
    /expected bytes, whole numbers from 0 to 255/,
  );
});
