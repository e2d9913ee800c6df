import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { type Preprocess, preprocessSchema } from "../../../shared/model/preprocess.ts";
import type { RawImage } from "../dataset/images/raw-image.ts";
import { frameImage } from "../dataset/splits/image-geometry.ts";
import { inputArray, pixelWriter } from "../dataset/splits/input-pixels.ts";
import { imageDims } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { graph, model, opset, value } from "../onnx/graph-builder.ts";
import { halfValue } from "../onnx/half-float.ts";
import { imageOfType } from "../onnx/image-types.ts";
import { openSession, type RuntimeTensor } from "../onnx/runtime.ts";
import { entryFragment, entryOf, type ImageReader } from "./network-entry.ts";

const imagenet = { mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225] };

function reader(preprocess: Partial<Preprocess>, input: Partial<BackboneInput> = {}): ImageReader {
  const plain = { name: "image", type: "float32", layout: "NCHW", channels: 3, height: 6, width: 8 } as const;
  return {
    input: { ...plain, dynamicBatch: false, ...input },
    preprocess: preprocessSchema.parse(preprocess),
  };
}

/** Colours of all kinds, the darkest and the brightest among them. */
function photograph(): RawImage {
  const random = seededRandom(4);
  const data = Uint8Array.from({ length: 6 * 8 * 3 }, (_, at) =>
    at < 6 ? 255 * (at % 2) : Math.floor(256 * random()),
  );
  return { width: 8, height: 6, channels: 3, data };
}

/** The image as a network's own preprocessing makes it. */
function prepared({ input, preprocess }: ImageReader): RuntimeTensor {
  const into = inputArray(input, 1);
  const framed = frameImage(photograph(), preprocess, input, "image");
  pixelWriter(preprocess, input).write(framed, into, 0, "image");
  return imageOfType(input.type, into, imageDims({ input }, 1) as number[]);
}

function numbersOf({ type, data }: RuntimeTensor): number[] {
  return type === "float16"
    ? Array.from(data as Uint16Array, halfValue)
    : Array.from(data as Float32Array, Number);
}

/** What the operators make of the image at hand. */
async function madeOf(own: ImageReader, given: ImageReader, version: number): Promise<RuntimeTensor> {
  const entry = entryOf(own, given);
  if (entry.kind !== "operators") throw new Error(`the entry is ${entry.kind}`);
  const main = graph(
    "entry",
    entryFragment(entry.operators, "given", "own", "entry/", 1),
    [value("given", given.input.type, imageDims(given, 1))],
    [value("own", own.input.type, imageDims(own, 1))],
  );
  const session = await openSession(encodeModel({ ...model(main), opsetImport: [opset(version)] }));
  const { own: made } = await session.run({ given: prepared(given) });
  await session.release();
  return made;
}

const grey: Partial<Preprocess> = { channels: "grey", mean: [0.28], standardDeviation: [0.35] };
const whole = { rtol: 0, isExact: true };
const rounded = { rtol: 2e-6, isExact: false };

const made: readonly (readonly [string, ImageReader, ImageReader, typeof whole])[] = [
  ["another mean and deviation", reader({}), reader(imagenet), rounded],
  ["the other order of colours", reader({ ...imagenet, channels: "bgr" }), reader({}), rounded],
  ["channels last", reader(imagenet, { layout: "NHWC" }), reader(imagenet), whole],
  ["channels first", reader(imagenet), reader({ ...imagenet, channels: "bgr" }, { layout: "NHWC" }), rounded],
  ["bytes of floats", reader({}, { type: "uint8" }), reader(imagenet), whole],
  ["floats of bytes", reader(imagenet), reader({}, { type: "uint8", layout: "NHWC" }), rounded],
  ["signed bytes of floats", reader({}, { type: "int8" }), reader(imagenet), whole],
  ["floats of signed bytes", reader(imagenet), reader({}, { type: "int8" }), rounded],
  ["32-bit pixels", reader({}, { type: "int32", layout: "NHWC" }), reader({ channels: "bgr" }), whole],
  ["grey of colours", reader(grey, { channels: 1 }), reader(imagenet), rounded],
  ["grey of blue, green, red", reader(grey, { channels: 1 }), reader({ channels: "bgr" }), rounded],
  ["grey in three channels", reader({ ...imagenet, channels: "grey" }), reader(imagenet), rounded],
  [
    "three channels of one",
    reader({ ...imagenet, channels: "grey" }),
    reader(grey, { channels: 1 }),
    rounded,
  ],
  ["one channel of three", reader(grey, { channels: 1 }), reader({ ...imagenet, channels: "grey" }), rounded],
  ["grey bytes", reader({}, { type: "uint8", channels: 1 }), reader(imagenet), whole],
  ["a flat row", reader(imagenet, { dims: [1, 144] }), reader({}), rounded],
  ["of a flat row", reader(imagenet, { layout: "NHWC" }), reader(imagenet, { dims: [1, 144] }), whole],
  ["double precision", reader(imagenet, { type: "float64" }), reader({}), rounded],
  ["half precision", reader({}, { type: "float16" }), reader(imagenet), { rtol: 1e-3, isExact: false }],
];

describe.each([7, 13, 21])("at operator set %i", (version) => {
  it.each(made)(
    "%s: as the network's own preprocessing makes it",
    async (_, own, given, { rtol, isExact }) => {
      const expected = prepared(own);
      const found = await madeOf(own, given, version);
      expect([found.type, found.dims]).toEqual([expected.type, expected.dims]);
      if (isExact) return expect(numbersOf(found)).toEqual(numbersOf(expected));
      const wanted = numbersOf(expected);
      for (const [at, number] of numbersOf(found).entries())
        expect(Math.abs(number - wanted[at]), `value ${at}`).toBeLessThan(rtol * 3);
    },
  );
});

it("greys are whole numbers, as the images' own reader rounds them", () => {
  const bytes = reader({ channels: "grey" }, { type: "uint8", channels: 1 });
  // Of 0, 255, 0 and of 255, 0, 255: (38470 * 255 + 32768) >> 16, ((19595 + 7471) * 255 + 32768) >> 16.
  expect(numbersOf(prepared(bytes)).slice(0, 2)).toEqual([150, 105]);
});

describe("nothing has to be done", () => {
  it.each([
    ["where both read alike", reader(imagenet), reader(imagenet, { name: "pixels" })],
    ["where one value stands for three", reader({ mean: [0.5] }), reader({ mean: [0.5, 0.5, 0.5] })],
    ["where dimensions are spelled out", reader({}, { dims: [1, 3, 6, 8] }), reader({})],
    ["where nothing is resized, however it would be", reader({ antialias: false }), reader({})],
    [
      "where bytes are read, whatever the mean",
      reader(imagenet, { type: "uint8" }),
      reader({}, { type: "uint8" }),
    ],
  ])("%s", (_, own, given) => {
    expect(entryOf(own, given)).toEqual({ kind: "same" });
  });
});

describe("an image of its own is needed", () => {
  it.each([
    ["of another size", reader({}, { height: 3, width: 4 }), reader({})],
    ["that is cropped", reader({ resize: [8, 10], centreCrop: [6, 8] }), reader({})],
    ["that is resized otherwise", reader({ resize: [6, 8], antialias: false }), reader({ resize: [6, 8] })],
    ["of colours that are gone", reader({}), reader(grey, { channels: 1 })],
    ["where half precision has lost digits", reader(imagenet), reader({}, { type: "float16" })],
    ["where the one means bytes, the other values as they are", reader({ scale: 1 }), reader({})],
    ["of four channels", reader({}, { channels: 4 }), reader({})],
    [
      "where bytes are in steps that the network undoes",
      reader(imagenet, { type: "int8", quantisation: { scale: 0.02, zeroPoint: 0 } }),
      reader(imagenet),
    ],
  ])("%s", (_, own, given) => {
    expect(entryOf(own, given)).toEqual({ kind: "own" });
  });
});
