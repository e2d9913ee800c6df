import { expect, it } from "vitest";
import type { BackboneInput } from "../../../../../shared/model/backbone.ts";
import { preprocessSchema } from "../../../../../shared/model/preprocess.ts";
import type { RawImage } from "../../../dataset/images/raw-image.ts";
import { imageSplit } from "../../../dataset/splits/image-split.ts";
import { rawImagesSource } from "../../../dataset/testing/raw-images-source.ts";
import { packFitting } from "./pack-fitting.ts";

const input: BackboneInput = {
  ...{ name: "x", type: "uint8", channels: 1, height: 2, width: 2 },
  ...{ layout: "NCHW", dynamicBatch: true },
};
const split = (sizes: readonly number[]) => {
  const images = sizes.map(
    (size): RawImage => ({ width: size, height: 2, channels: 1, data: new Uint8Array(2 * size).fill(size) }),
  );
  const labels = Int32Array.from(sizes, (_, at) => at % 2);
  const source = rawImagesSource(images, [...labels]);
  return { labels, images: imageSplit(...source, preprocessSchema.parse({ resize: [2, 2] }), input) };
};
const sizes = Array.from({ length: 200 }, (_, at) => 10 + ((37 * at) % 61));
const all = split(sizes);
const made = [{ file: "images-0.bin", input, split: all.images }];
const decoded = [{ file: "decoded-1.bin", split: all.images }];
const bytesOf = (files: Readonly<Record<string, Uint8Array>>) =>
  Object.values(files).reduce((sum, { length }) => sum + length, 0);

it("all images are packed where they fit", async () => {
  const { places, labels, files } = await packFitting({ made, decoded }, all.labels, 1e6);
  expect([...places]).toEqual(sizes.map((_, at) => at));
  expect([...labels]).toEqual([...all.labels]);
  // One byte says how the network's are stored.
  const decodedBytes = sizes.reduce((sum, size) => sum + 20 + 2 * size, 0);
  expect(bytesOf(files)).toBe(1 + 200 * 4 + decodedBytes);
});

it.each([2000, 5000, 9000, 20_000])(
  "of images for which %i bytes don't do, as many as fit are drawn class by class",
  async (most) => {
    const { places, labels, files } = await packFitting({ made, decoded }, all.labels, most);
    expect(bytesOf(files)).toBeLessThanOrEqual(most + 1);
    expect(bytesOf(files)).toBeGreaterThan(0.8 * most);
    expect([...labels]).toEqual([...places].map((place) => all.labels[place]));
    const ofClass = [0, 1].map((label) => labels.filter((own) => own === label).length);
    expect(Math.abs(ofClass[0] - ofClass[1])).toBeLessThanOrEqual(1);
  },
);

it("images of two networks that need the decoded ones count twice, and one of each is packed at least", async () => {
  const both = [...decoded, { file: "decoded-2.bin", split: all.images }];
  const packed = await packFitting({ made, decoded: both }, all.labels, 9000);
  expect(packed.files["decoded-1.bin"]).toEqual(packed.files["decoded-2.bin"]);
  expect(bytesOf(packed.files)).toBeLessThanOrEqual(9001);
  const one = await packFitting({ made, decoded: both }, all.labels, 10);
  expect([...one.places]).toEqual([0]);
  expect(one.files["decoded-1.bin"].length).toBe(20 + 2 * sizes[0]);
});

it("without decoded ones the images that the networks read decide", async () => {
  const { places, files } = await packFitting({ made, decoded: [] }, all.labels, 400);
  expect(places.length).toBe(100);
  expect(Object.keys(files)).toEqual(["images-0.bin"]);
});
