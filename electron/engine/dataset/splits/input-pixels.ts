import { AppError } from "../../../../shared/base/errors.ts";
import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import type { Preprocess } from "../../../../shared/model/preprocess.ts";
import { isInteger } from "../../onnx/image-types.ts";
import type { RawImage } from "../images/raw-image.ts";
import type { FramedImage } from "./image-geometry.ts";

/** Model inputs of a batch: bytes, or float32 whatever else the model reads; see `imageOfType`. */
export type InputArray = Float32Array | Uint8Array;

/** Values that one image takes in the model's input. */
export function valuesPerImage(input: BackboneInput): number {
  return input.channels * input.height * input.width;
}

/** Of one image as a network reads it, see `inputArray`. */
export function imageBytes(input: BackboneInput): number {
  return valuesPerImage(input) * (input.type === "uint8" ? 1 : 4);
}

/** An array for `count` images of the type that the model reads. */
export function inputArray(input: BackboneInput, count: number): InputArray {
  const length = count * valuesPerImage(input);
  return input.type === "uint8" ? new Uint8Array(length) : new Float32Array(length);
}

/** Puts framed images into a batch, in the model's channels and layout, normalised unless the model reads integers. */
export interface PixelWriter {
  /**
   * @param place number of the image within `into`
   * @throws AppError 'data-mismatch' if the image's channels or values don't fit the model
   */
  write(framed: FramedImage, into: InputArray, place: number, where: string): void;
}

export function pixelWriter(preprocess: Preprocess, input: BackboneInput): PixelWriter {
  const tables = byteTables(preprocess, input);
  return {
    write: (framed, into, place, where) => {
      const image = inModelChannels(framed.image, preprocess, input, where);
      const start = place * valuesPerImage(input);
      for (let channel = 0; channel < input.channels; channel++) {
        const strides = stridesOf({ ...framed, image }, preprocess, input, channel, start);
        if (image.data instanceof Uint8Array) lookUp(image.data, tables[channel], strides, into);
        else normalise(image.data, preprocess, channel, strides, into);
      }
    },
  };
}

/** How one channel of an image maps to one channel of the input. */
interface Strides {
  readonly height: number;
  readonly width: number;
  readonly from: number;
  readonly fromRow: number;
  readonly fromPixel: number;
  readonly to: number;
  readonly toPixel: number;
}

function stridesOf(
  { image, top, left }: FramedImage,
  preprocess: Preprocess,
  input: BackboneInput,
  channel: number,
  start: number,
): Strides {
  const { height, width } = input;
  const isReversed = preprocess.channels === "bgr" && image.channels === 3;
  const source = image.channels === 1 ? 0 : isReversed ? 2 - channel : channel;
  const isPlanar = input.layout === "NCHW";
  return {
    height,
    width,
    from: (top * image.width + left) * image.channels + source,
    fromRow: image.width * image.channels,
    fromPixel: image.channels,
    to: start + (isPlanar ? channel * height * width : channel),
    toPixel: isPlanar ? 1 : input.channels,
  };
}

function lookUp(data: Uint8Array, table: InputArray, strides: Strides, into: InputArray): void {
  const { height, width, fromRow, fromPixel, toPixel } = strides;
  let to = strides.to;
  for (let y = 0; y < height; y++) {
    let from = strides.from + y * fromRow;
    for (let x = 0; x < width; x++) {
      into[to] = table[data[from]];
      from += fromPixel;
      to += toPixel;
    }
  }
}

function normalise(
  data: Float32Array,
  preprocess: Preprocess,
  channel: number,
  strides: Strides,
  into: InputArray,
): void {
  const { scale, mean, deviation } = normalisation(preprocess, channel);
  const { height, width, fromRow, fromPixel, toPixel } = strides;
  let to = strides.to;
  for (let y = 0; y < height; y++) {
    let from = strides.from + y * fromRow;
    for (let x = 0; x < width; x++) {
      into[to] = (data[from] * scale - mean) / deviation;
      from += fromPixel;
      to += toPixel;
    }
  }
}

/** What each byte becomes, by channel of the model. */
export function byteTables(preprocess: Preprocess, input: BackboneInput): InputArray[] {
  return Array.from({ length: input.channels }, (_, channel) => byteTable(preprocess, input, channel));
}

function byteTable(preprocess: Preprocess, input: BackboneInput, channel: number): InputArray {
  if (input.type === "uint8") return Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const become = isInteger(input.type) ? wholeNumber : normalised;
  const values = normalisation(statedPreprocess(preprocess, input), channel);
  return Float32Array.from({ length: 256 }, (_, byte) => become(byte, values, input));
}

function normalised(value: number, { scale, mean, deviation }: Normalisation): number {
  return (value * scale - mean) / deviation;
}

const signedBytes = [-128, 127] as const;

/** The normalised value, rounded, in the steps that the graph itself undoes, if it does. */
function wholeNumber(byte: number, values: Normalisation, { type, quantisation }: BackboneInput): number {
  const [min, max] = signedBytes;
  const value = normalised(byte, values);
  const rounded = Math.round(quantisation ? value / quantisation.scale + quantisation.zeroPoint : value);
  return type === "int8" ? Math.min(max, Math.max(min, rounded)) : rounded;
}

/**
 * The preprocessing in the terms that hold for the model: an input of whole numbers takes normalised values where the graph undoes that
 * or the preprocessing states them in pixels, and else the pixels themselves, which in a signed byte are less by 128.
 */
export function statedPreprocess(preprocess: Preprocess, { type, quantisation }: BackboneInput): Preprocess {
  const { scale, mean, standardDeviation } = preprocess;
  const isInPixels = scale === 1 && [...mean, ...standardDeviation.map((value) => value - 1)].some(Boolean);
  const isNormalised = type !== "uint8" && (quantisation !== undefined || isInPixels);
  if (!isInteger(type) || isNormalised) return preprocess;
  return { ...preprocess, scale: 1, mean: [type === "int8" ? 128 : 0], standardDeviation: [1] };
}

interface Normalisation {
  readonly scale: number;
  readonly mean: number;
  readonly deviation: number;
}

function normalisation(preprocess: Preprocess, channel: number): Normalisation {
  const { scale, mean, standardDeviation } = preprocess;
  return {
    scale,
    mean: mean[mean.length === 1 ? 0 : channel],
    deviation: standardDeviation[standardDeviation.length === 1 ? 0 : channel],
  };
}

/** The image with as many channels as the model, or with one that all of the model's share. */
function inModelChannels(
  image: RawImage,
  preprocess: Preprocess,
  input: BackboneInput,
  where: string,
): RawImage {
  if (isInteger(input.type) && image.data instanceof Float32Array) {
    throw new AppError(
      "data-mismatch",
      `${where}: holds floats, but the model's input "${input.name}" takes whole numbers (${input.type})`,
    );
  }
  const isGrey = preprocess.channels === "grey" || input.channels === 1;
  if (image.channels === 3 && isGrey && (input.channels === 1 || input.channels === 3)) return luma(image);
  const isShared = image.channels === 1 && input.channels === 3;
  if (image.channels === input.channels || isShared) return image;
  throw new AppError(
    "data-mismatch",
    `${where}: the image has ${image.channels} channels, but the model's input "${input.name}" has ${input.channels}`,
  );
}

/** ITU-R 601 luma, for bytes in the fixed point that Pillow uses. */
function luma(image: RawImage): RawImage {
  const { data, width, height } = image;
  const isBytes = data instanceof Uint8Array;
  const grey = isBytes ? new Uint8Array(width * height) : new Float32Array(width * height);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += 3) {
    const weighted = 19_595 * data[at] + 38_470 * data[at + 1] + 7_471 * data[at + 2];
    grey[pixel] = isBytes ? (weighted + 32_768) >> 16 : weighted / 65_536;
  }
  return { width, height, channels: 1, data: grey };
}
