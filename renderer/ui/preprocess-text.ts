import { samePlainData } from "../../shared/base/plain-data.ts";
import { type Preprocess, type PreprocessPreset, preprocessPresets } from "../../shared/model/preprocess.ts";

/** Numbers of a form field, or what was expected instead. */
export type Read<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly expected: string };

type Size = Preprocess["resize"];

const maxPixels = 16_384;

/** "256", "224x320" (height first) or nothing. */
export function readSize(text: string): Read<Size> {
  const trimmed = text.trim();
  if (trimmed === "") return { ok: true, value: undefined };
  const sides = trimmed.split(/\s*[x×]\s*/i).map(wholeNumber);
  const fits = sides.length <= 2 && sides.every((side) => side >= 1 && side <= maxPixels);
  if (!fits) return { ok: false, expected: `pixels from 1 to ${maxPixels}, such as 256 or 224x320` };
  return { ok: true, value: sides.length === 1 ? sides[0] : [sides[0], sides[1]] };
}

function wholeNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

export function writeSize(size: Size): string {
  if (size === undefined) return "";
  return typeof size === "number" ? String(size) : size.join("x");
}

const maxChannels = 4;

/** One number for all channels or one per channel, separated by commas or spaces. */
export function readNumbers(text: string, { above = Number.NEGATIVE_INFINITY } = {}): Read<number[]> {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== "");
  const numbers = parts.map(Number);
  const fits =
    numbers.length >= 1 &&
    numbers.length <= maxChannels &&
    numbers.every((number) => Number.isFinite(number) && number > above);
  const kind = above === 0 ? "numbers above 0" : "numbers";
  return fits
    ? { ok: true, value: numbers }
    : { ok: false, expected: `one to four ${kind}, apart by commas` };
}

export function writeNumbers(numbers: readonly number[]): string {
  return numbers.join(", ");
}

/** A number above 0, also as a fraction: "1/255". */
export function readScale(text: string): Read<number> {
  const parts = text.split("/").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const scale = parts.length === 2 ? parts[0] / parts[1] : parts[0];
  const fits = parts.length <= 2 && Number.isFinite(scale) && scale > 0;
  return fits ? { ok: true, value: scale } : { ok: false, expected: "a number above 0, such as 1/255 or 1" };
}

export function writeScale(scale: number): string {
  return scale === 1 / 255 ? "1/255" : String(scale);
}

/** Which preset this is; undefined if none. */
export function presetOf(preprocess: Preprocess): PreprocessPreset | undefined {
  return preprocessPresets.find((preset) => samePlainData(preset.preprocess, preprocess));
}

/** Presets that can be tried on a model: values per channel have to fit its channels. */
export function presetsFor(channels: number): PreprocessPreset[] {
  return preprocessPresets.filter(({ preprocess: { mean, standardDeviation } }) =>
    [mean, standardDeviation].every(({ length }) => length === 1 || length === channels),
  );
}

/** Where to start for a model: what networks of its input size are mostly trained with. */
export function likelyPreset({ channels, height }: { channels: number; height: number }): PreprocessPreset {
  const id = channels !== 3 ? "unit" : height >= 128 ? "imagenet" : "cifar";
  return preprocessPresets.find((preset) => preset.id === id)!;
}

/** In a line: "resized to 256, cropped to 224, mean 0.286, deviation 0.353, grey". */
export function preprocessText({
  resize,
  centreCrop,
  mean,
  standardDeviation,
  channels,
}: Preprocess): string {
  const parts = [
    resize !== undefined && `resized to ${writeSize(resize)}`,
    centreCrop !== undefined && `cropped to ${writeSize(centreCrop)}`,
    `mean ${writeNumbers(mean)}`,
    `deviation ${writeNumbers(standardDeviation)}`,
    channels !== "rgb" && channels,
  ];
  return parts.filter((part) => part !== false).join(", ");
}
