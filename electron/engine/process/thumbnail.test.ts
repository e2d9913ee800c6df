import { expect, it } from "vitest";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { type Preprocess, preprocessPresets, preprocessSchema } from "../../../shared/model/preprocess.ts";
import type { RawImage } from "../dataset/images/raw-image.ts";
import { inputArray, pixelWriter } from "../dataset/splits/input-pixels.ts";
import { thumbnailOf } from "./thumbnail.ts";

function inputOf(form: Partial<BackboneInput>): BackboneInput {
  return {
    name: "image",
    type: "float32",
    layout: "NCHW",
    channels: 3,
    height: 2,
    width: 2,
    dynamicBatch: true,
    ...form,
  };
}

/** What the network would be fed of an image that needs no resizing. */
function fed(image: RawImage, preprocess: Preprocess, input: BackboneInput) {
  const values = inputArray(input, 1);
  pixelWriter(preprocess, input).write({ image, top: 0, left: 0 }, values, 0, "test");
  return values;
}

const colours = Uint8Array.of(255, 0, 0, 0, 128, 0, 7, 8, 9, 250, 251, 252);
const picture: RawImage = { width: 2, height: 2, channels: 3, data: colours };
const opaque = [255, 0, 0, 255, 0, 128, 0, 255, 7, 8, 9, 255, 250, 251, 252, 255];

const plain = { resize: undefined, centreCrop: undefined };
const presets = preprocessPresets.filter(({ preprocess }) => preprocess.channels === "rgb");

it.each(
  presets.flatMap(({ id, preprocess }) =>
    (["NCHW", "NHWC"] as const).map((layout) => [id, layout, preprocess] as const),
  ),
)("undoes the preprocessing '%s' in layout %s", (_id, layout, preprocess) => {
  const input = inputOf({ layout });
  const own = { ...preprocess, ...plain };
  expect([...thumbnailOf(fed(picture, own, input), own, input).rgba]).toEqual(opaque);
});

it("brings colours back into order where the model reads blue first", () => {
  const own = preprocessSchema.parse({ channels: "bgr", mean: [0.1, 0.2, 0.3] });
  const input = inputOf({});
  expect([...thumbnailOf(fed(picture, own, input), own, input).rgba]).toEqual(opaque);
});

it("shows bytes as they are where the model reads bytes", () => {
  const own = preprocessSchema.parse({ mean: [0.5] });
  const input = inputOf({ type: "uint8", layout: "NHWC" });
  expect([...thumbnailOf(fed(picture, own, input), own, input).rgba]).toEqual(opaque);
});

it("makes grey of one channel", () => {
  const own = preprocessSchema.parse({ mean: [0.286], standardDeviation: [0.353], channels: "grey" });
  const input = inputOf({ channels: 1, height: 1 });
  const grey: RawImage = { width: 2, height: 1, channels: 1, data: Uint8Array.of(3, 200) };
  expect([...thumbnailOf(fed(grey, own, input), own, input).rgba]).toEqual([
    ...[3, 3, 3, 255],
    ...[200, 200, 200, 255],
  ]);
});

it("scales up images that the file holds from 0 to 1, and holds back what lies beyond the ends", () => {
  const own = preprocessSchema.parse({ scale: 1 });
  const input = inputOf({ channels: 1, height: 1, width: 3 });
  expect(
    [...thumbnailOf(Float32Array.of(0, 0.2, 1), own, input).rgba].filter((_, at) => at % 4 === 0),
  ).toEqual([0, 51, 255]);
  expect(
    [...thumbnailOf(Float32Array.of(-40, 0.5, 300), own, input).rgba].filter((_, at) => at % 4 === 0),
  ).toEqual([0, 1, 255]);
});

it("is at most 96 pixels long, each the mean of what it covers", () => {
  const own = preprocessSchema.parse({ scale: 1 });
  const input = inputOf({ channels: 1, height: 96, width: 192 });
  // Columns take turns between 0 and 100.
  const values = Float32Array.from({ length: 96 * 192 }, (_, at) => 100 * (at % 2));
  const { width, height, rgba } = thumbnailOf(values, own, input);
  expect([width, height, rgba.length]).toEqual([96, 48, 96 * 48 * 4]);
  expect(new Set(rgba.filter((_, at) => at % 4 !== 3))).toEqual(new Set([50]));
});
