import { describe, expect, it } from "vitest";
import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import type { RawImage } from "../images/raw-image.ts";
import { frameImage } from "./image-geometry.ts";
import { parsePreprocess } from "./preprocess.ts";

function modelInput(height: number, width: number): BackboneInput {
  return { name: "image", type: "float32", layout: "NCHW", channels: 3, height, width, dynamicBatch: true };
}

/** Grows by 10 a pixel to the right and by 1 downwards, alike in all channels. */
function ramp(height: number, width: number, channels = 3): RawImage {
  const data = Uint8Array.from({ length: height * width * channels }, (_, at) => {
    const pixel = Math.floor(at / channels);
    return 10 * (pixel % width) + Math.floor(pixel / width);
  });
  return { height, width, channels, data };
}

async function frame(image: RawImage, options: object, height: number, width: number) {
  return frameImage(image, parsePreprocess(options, "p"), modelInput(height, width), "cat.png");
}

describe("frameImage", () => {
  it("leaves an image of the model's size as it is", async () => {
    const image = ramp(4, 6);
    expect((await frame(image, {}, 4, 6)).image).toBe(image);
    expect((await frame(image, { resize: 4 }, 4, 6)).image).toBe(image);
  });

  it("crops the middle, where torchvision crops it", async () => {
    const corners = async (height: number, crop: number) =>
      (await frame(ramp(height, 6), { centreCrop: [crop, 6] }, crop, 6)).top;
    expect([await corners(6, 4), await corners(5, 4), await corners(7, 4), await corners(9, 4)]).toEqual([
      1, 0, 2, 2,
    ]);
  });

  it.each(["bilinear", "bicubic", "nearest"] as const)(
    "resizes the shorter side, keeps the proportions, and makes only what the crop keeps: %s",
    async (interpolation) => {
      const wide = await frame(ramp(10, 25), { resize: 4, centreCrop: 4, interpolation }, 4, 4);
      const whole = await frame(ramp(10, 25), { resize: [4, 10], interpolation }, 4, 10);
      // The margin of 6 columns is halved.
      const columns = [3, 4, 5, 6];
      const pixels = [0, 1, 2, 3].flatMap((row) =>
        columns.flatMap((column) => [
          ...whole.image.data.slice((row * 10 + column) * 3, (row * 10 + column + 1) * 3),
        ]),
      );
      expect([...wide.image.data]).toEqual(pixels);
      const tall = await frame(ramp(25, 10), { resize: 4, centreCrop: 4, interpolation }, 4, 4);
      const standing = await frame(ramp(25, 10), { resize: [10, 4], interpolation }, 10, 4);
      expect([...tall.image.data]).toEqual([...standing.image.data.slice(3 * 4 * 3, 7 * 4 * 3)]);
    },
  );

  it("averages when it shrinks", async () => {
    const { image } = await frame(ramp(8, 16), { resize: [4, 8] }, 4, 8);
    const inside = image.data[(1 * 8 + 3) * 3];
    // Pixels 6 and 7 of rows 2 and 3, their neighbours with less weight: 65 + 2.5 on a ramp.
    expect(Math.abs(inside - 67.5)).toBeLessThanOrEqual(1);
    expect((await frame(ramp(8, 16, 1), { resize: [4, 8] }, 4, 8)).image.channels).toBe(1);
  });

  it("says both sizes and what to set", async () => {
    await expect(frame(ramp(32, 32), {}, 28, 28)).rejects.toMatchObject({
      code: "data-mismatch",
      message:
        'cat.png: the image is 32x32 and after preprocessing 32x32, but the model\'s input "image" is 28x28 (height x width)',
      details: { missing: "imageSize" },
    });
    await expect(frame(ramp(8, 8), { centreCrop: 9 }, 9, 9)).rejects.toThrow(
      /8x8 .*too small for centreCrop 9x9/,
    );
  });

  it("names an image so long that what it becomes would take all memory", async () => {
    await expect(frame(ramp(1, 1000), { resize: 224 }, 224, 224)).rejects.toThrow(
      "the image is 1x1000, and resized 224x224000, expected at most 65535 along a side",
    );
  });

  it("resizes floats and four channels like bytes, without rounding", async () => {
    const floats = { height: 1, width: 4, channels: 1, data: Float32Array.of(0, 0.5, 1, 2) };
    // Triangles over four pixels, cut off at the edges: weights 3 3 1 of 7, and 1 3 3 of 7.
    const { image } = await frame(floats, { resize: [1, 2] }, 1, 2);
    expect(image.data[0]).toBeCloseTo((3 * 0 + 3 * 0.5 + 1) / 7, 6);
    expect(image.data[1]).toBeCloseTo((0.5 + 3 * 1 + 3 * 2) / 7, 6);
    const four = await frame(ramp(8, 16, 4), { resize: [4, 8] }, 4, 8);
    expect([four.image.channels, four.image.data.length]).toEqual([4, 128]);
    expect(await frame(floats, { centreCrop: [1, 2] }, 1, 2)).toMatchObject({ top: 0, left: 1 });
  });
});
