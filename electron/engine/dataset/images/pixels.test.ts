import { readFileSync } from "node:fs";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import { frameImage } from "../splits/image-geometry.ts";
import { inputArray, pixelWriter } from "../splits/input-pixels.ts";
import { parsePreprocess } from "../splits/preprocess.ts";
import { decodeImage } from "./decode-image.ts";
import type { RawImage } from "./raw-image.ts";

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** [height x width x 3], base64 */
  readonly rgb: string;
}

interface References {
  /** Image files, and their pixels as Pillow opens and converts them. */
  readonly images: Readonly<Record<string, Pixels & { readonly file: string; readonly upright?: Pixels }>>;
  /** The image "source.png" under some preprocessings. */
  readonly resized: readonly (Record<string, unknown> & { readonly rgb: string })[];
}

const { images, resized }: References = JSON.parse(
  readFileSync(new URL("./testing/pillow-pixels.json", import.meta.url), "utf8"),
);

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));
const decodeCase = (name: string) => decodeImage(bytesOf(images[name].file));

/** The image as a colour model reads it, value by value from 0 to 255. */
function asModelReads(image: RawImage, options: object, height: number, width: number): Uint8Array {
  const input: BackboneInput = {
    name: "image",
    type: "uint8",
    layout: "NHWC",
    channels: 3,
    height,
    width,
    dynamicBatch: true,
  };
  const preprocess = parsePreprocess(options, "p");
  const into = inputArray(input, 1);
  pixelWriter(preprocess, input).write(frameImage(image, preprocess, input, "image"), into, 0, "image");
  return into as Uint8Array;
}

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  expect(one.length).toBe(other.length);
  return one.reduce((sum, value, at) => sum + Math.abs(value - other[at]), 0) / one.length;
}

describe("pixels are those of the training pipelines", () => {
  it.each(Object.keys(images))("%s is decoded as Pillow decodes it", async (name) => {
    const { width, height, rgb } = images[name];
    const image = await decodeCase(name);
    expect([image.width, image.height]).toEqual([width, height]);
    // Decoders of JPEG and WebP may differ in the last bit; all others have one right answer.
    const allowed = /jpg|lossy/.test(name) ? 1 : 0;
    const difference = meanDifference(asModelReads(image, {}, height, width), bytesOf(rgb));
    expect(difference).toBeLessThanOrEqual(allowed);
  });

  it("has cases that a decoder with colour management gets wrong", async () => {
    for (const name of ["icc.jpg", "icc.png", "cmyk.jpg"]) {
      const managed = await sharp(bytesOf(images[name].file)).toColourspace("srgb").raw().toBuffer();
      expect(meanDifference(managed, bytesOf(images[name].rgb))).toBeGreaterThan(5);
    }
  });

  it("turns photographs upright if asked to", async () => {
    const { upright } = images["exif-6.jpg"];
    const [height, width] = [upright!.height, upright!.width];
    expect([height, width]).toEqual([20, 15]);
    const turned = asModelReads(await decodeCase("exif-6.jpg"), { exifOrientation: true }, height, width);
    expect(meanDifference(turned, bytesOf(upright!.rgb))).toBeLessThanOrEqual(1);
  });

  it.each(resized.map(({ rgb, ...options }) => [JSON.stringify(options), options, rgb] as const))(
    "resized by %s",
    async (_, options, rgb) => {
      const { resize, centreCrop = resize } = options;
      const [height, width] =
        typeof centreCrop === "number" ? [centreCrop, centreCrop] : (centreCrop as number[]);
      const pixels = asModelReads(await decodeCase("source.png"), options, height, width);
      // torch sums in float32, so that halves, which whole pixels make often, may round to either side.
      const allowed = options.antialias ? 0 : 0.1;
      expect(meanDifference(pixels, bytesOf(rgb))).toBeLessThanOrEqual(allowed);
    },
  );
});
