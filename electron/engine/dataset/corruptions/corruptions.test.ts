import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../shared/base/random.ts";
import { severities } from "../../../../shared/model/robustness-options.ts";
import { brightness } from "./brightness.ts";
import { contrast } from "./contrast.ts";
import type { ByteImage } from "./corruption.ts";
import { gaussianBlur } from "./gaussian-blur.ts";
import { gaussianNoise } from "./gaussian-noise.ts";
import { corruptionChange, imageScale } from "./image-change.ts";
import { corruptions } from "./index.ts";
import { jpeg } from "./jpeg.ts";

/** Waves and a bright square, in colours that differ. */
function scenery(side: number, channels: 1 | 3): ByteImage {
  const data = Uint8Array.from({ length: side * side * channels }, (_, at) => {
    const [pixel, channel] = [Math.floor(at / channels), at % channels];
    const [x, y] = [pixel % side, Math.floor(pixel / side)];
    const isInSquare = x > side / 3 && x < side / 2 && y > side / 3 && y < side / 2;
    return (isInSquare ? 190 : 90) + 40 * Math.sin((x + 2 * y + 3 * channel) / 2) + 8 * channel;
  });
  return { width: side, height: side, channels, data };
}

function image(channels: number, ...data: number[]): ByteImage {
  return { width: data.length / channels, height: 1, channels, data: Uint8Array.from(data) };
}

function meanChange(before: ByteImage, after: ByteImage): number {
  expect(after).toMatchObject({ width: before.width, height: before.height, channels: before.channels });
  expect(after.data).toHaveLength(before.data.length);
  return before.data.reduce((sum, byte, at) => sum + Math.abs(byte - after.data[at]), 0) / before.data.length;
}

describe.each(corruptions.map((corruption) => ({ corruption, id: corruption.id })))(
  "$id",
  ({ corruption }) => {
    it.each([
      ["small", 32, 1],
      ["small", 32, 3],
      ["large", 96, 3],
    ] as const)(
      "changes %s images of %i px and %i channels more with every severity",
      async (scale, side, channels) => {
        const before = scenery(side, channels);
        const changes: number[] = [];
        for (const severity of severities) {
          const change = corruptionChange(corruption, corruption.strengths[scale][severity - 1], 7);
          changes.push(meanChange(before, await change(before, 3, "here")));
        }
        expect(changes[0]).toBeGreaterThan(0.2);
        expect(changes).toEqual([...changes].sort((a, b) => a - b));
        expect(new Set(changes).size).toBe(severities.length);
      },
    );

    it("makes the same of the same image, and leaves that as it was", async () => {
      const before = scenery(32, 3);
      const change = corruptionChange(corruption, corruption.strengths.small[2], 7);
      expect(await change(before, 3, "here")).toEqual(await change(before, 3, "here"));
      expect(before).toEqual(scenery(32, 3));
    });
  },
);

describe("values by hand", () => {
  const random = seededRandom(1);

  it("draws each channel to its own mean", async () => {
    // Means 100 and, of the others, 30: half of the way.
    const { data } = await contrast.corrupt(image(3, 60, 10, 30, 140, 50, 30), 0.5, random);
    expect([...data]).toEqual([80, 20, 30, 120, 40, 30]);
  });

  it("raises the largest channel, and the others in proportion", async () => {
    // 0.2 of 255 are 51: 100 becomes 151, and 50 becomes 75.5; 240 is clipped at 255.
    const { data } = await brightness.corrupt(image(3, 100, 50, 0, 240, 120, 24, 0, 0, 0), 0.2, random);
    expect([...data]).toEqual([151, 76, 0, 255, 128, 26, 51, 51, 51]);
    expect([...(await brightness.corrupt(image(1, 100, 240), 0.2, random)).data]).toEqual([151, 255]);
  });

  it("spreads a point as a Gaussian does", async () => {
    const point = new Uint8Array(81);
    point[40] = 255;
    const { data } = await gaussianBlur.corrupt({ width: 9, height: 9, channels: 1, data: point }, 1, random);
    // 255 / (2 pi), and exp(-1/2) and exp(-2) of it; fractions are cut off.
    expect([...data.subarray(40, 43)]).toEqual([40, 24, 5]);
  });

  it("adds noise of the deviation that is asked for", async () => {
    const grey: ByteImage = { width: 100, height: 100, channels: 1, data: new Uint8Array(10_000).fill(128) };
    const { data } = await gaussianNoise.corrupt(grey, 0.1, random);
    const squares = data.reduce((sum, byte) => sum + (byte - 128) ** 2, 0);
    expect(Math.sqrt(squares / data.length)).toBeCloseTo(25.5, 0);
  });

  it("leaves an image of one grey what it is under JPEG", async () => {
    const grey: ByteImage = { width: 16, height: 16, channels: 1, data: new Uint8Array(256).fill(77) };
    expect([...(await jpeg.corrupt(grey, 80, random)).data]).toEqual([...grey.data]);
  });
});

describe("chance", () => {
  const before = scenery(32, 1);
  const noise = (seed: number, index: number) =>
    corruptionChange(gaussianNoise, 0.1, seed)(before, index, "here");

  it("depends on the seed and on the image", async () => {
    const made = await Promise.all([noise(1, 0), noise(1, 1), noise(2, 0)]);
    expect(new Set(made.map(({ data }) => String(data))).size).toBe(3);
  });
});

it("takes the strengths of large images above those of Tiny ImageNet", () => {
  expect([imageScale({ height: 64, width: 200 }), imageScale({ height: 65, width: 65 })]).toEqual([
    "small",
    "large",
  ]);
});

it("refuses images that are neither grey nor in colours", async () => {
  const change = corruptionChange(contrast, 0.5, 1);
  await expect(change(image(4, 1, 2, 3, 4), 0, "x[3]")).rejects.toMatchObject({
    code: "data-mismatch",
    message: expect.stringMatching(/^x\[3\]: the image has 4 channels/),
  });
});
