import type { Thumbnail } from "../../../shared/ipc/images.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import { byteTables, type InputArray } from "../dataset/splits/input-pixels.ts";
import { isInteger } from "../onnx/image-types.ts";

/** The longer side of a thumbnail, pixels. */
const longestSide = 96;

/**
 * Turns what the network is fed back into a picture: undoes scale, mean and deviation, and averages down to size.
 * Images whose file holds 0 to 1 instead of 0 to 255 are scaled up.
 * @param values one image as the model reads it [its channels, height and width, in its layout]
 */
export function thumbnailOf(
  values: InputArray,
  preprocess: Preprocess,
  input: BackboneInput,
): Pick<Thumbnail, "width" | "height" | "rgba"> {
  const pixels = pixelReader(values, preprocess, input);
  const shrink = Math.min(1, longestSide / Math.max(input.width, input.height));
  const width = Math.max(1, Math.round(input.width * shrink));
  const height = Math.max(1, Math.round(input.height * shrink));
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const box = {
        left: Math.floor((x * input.width) / width),
        right: Math.ceil(((x + 1) * input.width) / width),
        top: Math.floor((y * input.height) / height),
        bottom: Math.ceil(((y + 1) * input.height) / height),
      };
      for (let colour = 0; colour < 3; colour++)
        rgba[(y * width + x) * 4 + colour] = Math.round(boxMean(pixels, colour, box));
    }
  return { width, height, rgba };
}

/** One colour of one pixel, 0 to 255. */
type PixelReader = (colour: number, y: number, x: number) => number;

function pixelReader(values: InputArray, preprocess: Preprocess, input: BackboneInput): PixelReader {
  const { channels, height, width, layout } = input;
  const isColour = channels === 3;
  const bytes = isInteger(input.type) ? bytesOfInputs(preprocess, input) : undefined;
  const plain = (colour: number, y: number, x: number) => {
    const channel = !isColour ? 0 : preprocess.channels === "bgr" ? 2 - colour : colour;
    const at = layout === "NCHW" ? (channel * height + y) * width + x : (y * width + x) * channels + channel;
    return bytes ? (bytes[channel].get(values[at]) ?? 0) : undone(values[at], preprocess, channel);
  };
  const factor = isUnitRange(plain, input) ? 255 : 1;
  return (colour, y, x) => Math.min(255, Math.max(0, factor * plain(colour, y, x)));
}

/** From what the model reads back to the byte, by channel. */
function bytesOfInputs(preprocess: Preprocess, input: BackboneInput): Map<number, number>[] {
  return byteTables(preprocess, input).map(
    (table) => new Map(Array.from(table, (value, byte) => [value, byte])),
  );
}

function undone(value: number, { scale, mean, standardDeviation }: Preprocess, channel: number): number {
  const own = (perChannel: readonly number[]) => perChannel[perChannel.length === 1 ? 0 : channel];
  return (value * own(standardDeviation) + own(mean)) / scale;
}

/** Whether pixels are fractions up to 1; bytes give whole numbers. */
function isUnitRange(pixel: PixelReader, { height, width }: BackboneInput): boolean {
  let fractions = false;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let colour = 0; colour < 3; colour++) {
        const value = pixel(colour, y, x);
        if (value > 1.001 || value < -0.001) return false;
        fractions ||= Math.abs(value - Math.round(value)) > 0.001;
      }
  return fractions;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function boxMean(pixel: PixelReader, colour: number, { left, right, top, bottom }: Box): number {
  let sum = 0;
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += pixel(colour, y, x);
  return sum / ((right - left) * (bottom - top));
}
