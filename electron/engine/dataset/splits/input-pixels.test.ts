import { describe, expect, it } from "vitest";
import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import type { RawImage } from "../images/raw-image.ts";
import { inputArray, pixelWriter } from "./input-pixels.ts";
import { parsePreprocess } from "./preprocess.ts";

const INPUT: BackboneInput = {
  name: "image",
  type: "float32",
  layout: "NCHW",
  channels: 3,
  height: 1,
  width: 2,
  dynamicBatch: true,
};

/** Two pixels: (1, 2, 3) and (4, 5, 6). */
const COLOUR: RawImage = { height: 1, width: 2, channels: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
const GREY: RawImage = { height: 1, width: 2, channels: 1, data: Uint8Array.of(7, 8) };

function write(
  image: RawImage,
  input: Partial<BackboneInput>,
  options: object = { scale: 1 },
  frame = { top: 0, left: 0 },
) {
  const model = { ...INPUT, ...input };
  const into = inputArray(model, 2);
  pixelWriter(parsePreprocess(options, "p"), model).write({ image, ...frame }, into, 1, "cat.png");
  expect([...into.subarray(0, into.length / 2)].every((value) => value === 0)).toBe(true);
  return [...into.subarray(into.length / 2)];
}

describe("inputs of whole numbers", () => {
  const bytes: RawImage = { height: 1, width: 2, channels: 1, data: Uint8Array.of(0, 200) };
  const grey = { channels: 1 };

  it("take pixels as they are, in signed bytes less 128, whatever normalisation is stated", () => {
    const imagenet = { mean: [0.5], standardDeviation: [0.25] };
    expect(write(bytes, { ...grey, type: "int32" }, imagenet)).toEqual([0, 200]);
    expect(write(bytes, { ...grey, type: "int8" }, imagenet)).toEqual([-128, 72]);
    expect(write(bytes, { ...grey, type: "uint8" }, imagenet)).toEqual([0, 200]);
  });

  it("take what the preprocessing states in pixels, rounded and held within the type", () => {
    const halved = { scale: 1, mean: [10], standardDeviation: [4] };
    // (0 - 10) / 4 = -2.5 and (200 - 10) / 4 = 47.5; halves are rounded up.
    expect(write(bytes, { ...grey, type: "int32" }, halved)).toEqual([-2, 48]);
    expect(write(bytes, { ...grey, type: "int8" }, { scale: 1, mean: [60] })).toEqual([-60, 127]);
  });

  it("take normalised values in the graph's own steps", () => {
    const quantisation = { scale: 0.05, zeroPoint: -10 };
    const normalised = { mean: [0.5], standardDeviation: [0.25] };
    // -2 and 1.1373 in steps of 0.05 are -40 and 22.7, from -10 on.
    expect(write(bytes, { ...grey, type: "int8", quantisation }, normalised)).toEqual([-50, 13]);
  });
});

describe("pixelWriter", () => {
  it("writes planes or pixels, in either order of colours", () => {
    expect(write(COLOUR, {})).toEqual([1, 4, 2, 5, 3, 6]);
    expect(write(COLOUR, { layout: "NHWC" })).toEqual([1, 2, 3, 4, 5, 6]);
    expect(write(COLOUR, {}, { scale: 1, channels: "bgr" })).toEqual([3, 6, 2, 5, 1, 4]);
    expect(write(COLOUR, { layout: "NHWC" }, { scale: 1, channels: "bgr" })).toEqual([3, 2, 1, 6, 5, 4]);
  });

  it("normalises each channel in the model's order", () => {
    const options = { scale: 2, mean: [1, 2, 3], standardDeviation: [1, 2, 4], channels: "bgr" };
    expect(write(COLOUR, {}, options)).toEqual([5, 11, 1, 4, -0.25, 1.25]);
    expect(write(COLOUR, {}, { scale: 1, mean: [1], standardDeviation: [2] })).toEqual([
      0, 1.5, 0.5, 2, 1, 2.5,
    ]);
  });

  it("treats floats as it treats bytes", () => {
    const floats = { ...COLOUR, data: Float32Array.from(COLOUR.data) };
    const options = { scale: 1 / 255, mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225] };
    expect(write(floats, {}, options)).toEqual(write(COLOUR, {}, options));
    expect(write({ ...GREY, data: Float32Array.of(-0.5, 2) }, { channels: 1 }, { scale: 1 })).toEqual([
      -0.5, 2,
    ]);
  });

  it("repeats grey for colour models and takes the luma for grey ones", () => {
    expect(write(GREY, {})).toEqual([7, 8, 7, 8, 7, 8]);
    expect(write(GREY, { layout: "NHWC" }, { scale: 1, channels: "bgr" })).toEqual([7, 7, 7, 8, 8, 8]);
    const primaries = { ...COLOUR, data: Uint8Array.of(255, 0, 0, 0, 255, 255) };
    expect(write(primaries, { channels: 1 })).toEqual([76, 179]);
    expect(write(primaries, {}, { scale: 1, channels: "grey" })).toEqual([76, 179, 76, 179, 76, 179]);
    const floats = { ...COLOUR, data: Float32Array.of(1, 0, 0, 0, 1, 1) };
    const [first, second] = write(floats, { channels: 1 });
    expect(first).toBeCloseTo(0.299, 4);
    expect(second).toBeCloseTo(0.701, 4);
  });

  it("keeps every grey level when it takes the luma of grey in three channels", () => {
    for (const level of [0, 1, 77, 128, 254, 255]) {
      const image = { ...COLOUR, data: new Uint8Array(6).fill(level) };
      expect(write(image, { channels: 1 })).toEqual([level, level]);
    }
  });

  it("writes the framed rectangle only", () => {
    const data = Uint8Array.from({ length: 12 }, (_, at) => at);
    expect(
      write({ height: 3, width: 4, channels: 1, data }, { channels: 1 }, { scale: 1 }, { top: 1, left: 2 }),
    ).toEqual([6, 7]);
  });

  it("gives bytes, unchanged, to models that read bytes", () => {
    expect(write(COLOUR, { type: "uint8" }, { mean: [0.5] })).toEqual([1, 4, 2, 5, 3, 6]);
    const floats = { ...COLOUR, data: new Float32Array(6) };
    expect(() => write(floats, { type: "uint8" })).toThrow(
      /cat\.png: holds floats, but .* takes whole numbers \(uint8\)/,
    );
  });

  it("refuses other numbers of channels", () => {
    const four = { height: 1, width: 2, channels: 4, data: new Uint8Array(8) };
    expect(() => write(four, {})).toThrow(
      /cat\.png: the image has 4 channels, but the model's input "image" has 3/,
    );
    expect(write(four, { channels: 4 })).toEqual(new Array(8).fill(0));
    expect(() => write(COLOUR, { channels: 4 })).toThrow(/has 3 channels, but .* has 4/);
  });
});
