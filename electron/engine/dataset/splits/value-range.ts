import { AppError } from "../../../../shared/base/errors.ts";
import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import type { Preprocess } from "../../../../shared/model/preprocess.ts";
import { hashOf } from "../../base/hash.ts";
import { isInteger } from "../../onnx/image-types.ts";
import type { DatasetSource, PartName } from "../dataset-source.ts";
import { isUnreadable, type RawImage } from "../images/raw-image.ts";

/** What the pixels of some images are like. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Images that the range is read from, evenly spread over the part. */
const SAMPLE = 64;
/** By how much resampling may overshoot the range 0 to 1. */
const OVERSHOOT = 0.1;
/** Values further apart were never divided by their deviation. */
const WIDEST_NORMALISED = 40;

/**
 * Finds the range of an array's values from a fixed sample of its images.
 * @returns undefined for bytes, which have one range, and if no sampled image can be read
 */
export async function findValueRange(source: DatasetSource, part: PartName): Promise<ValueRange | undefined> {
  const count = source.parts[part]?.labels.length ?? 0;
  const sampled = Math.min(SAMPLE, count);
  const [first] = await readable(source, part, [0]);
  if (first?.data instanceof Uint8Array) return undefined;
  const indices = Array.from({ length: sampled }, (_, at) => Math.floor((at * count) / sampled));
  const images = await readable(source, part, indices);
  return rangeOf(images.flatMap(({ data }) => (data instanceof Float32Array ? [data] : [])));
}

async function readable(
  source: DatasetSource,
  part: PartName,
  indices: readonly number[],
): Promise<readonly RawImage[]> {
  const images = await source.read(part, indices);
  return images.filter((image): image is RawImage => !isUnreadable(image));
}

function rangeOf(images: readonly Float32Array[]): ValueRange | undefined {
  let [min, max, sum, squares, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (const values of images)
    for (const value of values) {
      if (value < min) min = value;
      if (value > max) max = value;
      sum += value;
      squares += value * value;
      count++;
    }
  if (count === 0) return undefined;
  const mean = sum / count;
  return { min, max, mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** How values become the bytes' range, 0 to 255: value * factor + offset. */
export interface ByteMapping {
  readonly factor: number;
  readonly offset: number;
  /** The range that values were taken for. */
  readonly from: string;
}

/** Ranges that images are stored in; undefined for bytes' own, for normalised values and for what is none of them. */
export function byteMapping({ min, max }: ValueRange): ByteMapping | undefined {
  const isUnit = max <= 1 + OVERSHOOT;
  if (min < -OVERSHOOT) {
    const isSigned = isUnit && min >= -1 - OVERSHOOT;
    return isSigned ? { factor: 127.5, offset: 127.5, from: "-1 to 1" } : undefined;
  }
  if (isUnit) return { factor: 255, offset: 0, from: "0 to 1" };
  const isWide = min >= 0 && max >= 256 && max <= 65_535;
  return isWide ? { factor: 1 / 257, offset: 0, from: "0 to 65535" } : undefined;
}

/** Whether values are in a range that pixels are stored in, rather than below it. */
export function arePixels(range: ValueRange): boolean {
  return range.min >= -OVERSHOOT || byteMapping(range) !== undefined;
}

/** Whether a mean has been subtracted and a deviation divided by already. */
export function isNormalised(range: ValueRange): boolean {
  return !arePixels(range) && range.max - range.min <= WIDEST_NORMALISED;
}

/** Below this a mean, in stored values, is one of pixels of 0 to 1 or of normalised values. */
const MIN_BYTE_MEAN = 16;

/** Whether a preprocessing is stated for bytes, 0 to 255: it divides by 255, or subtracts a mean that only bytes have. */
export function mentionsBytes({ scale, mean }: Preprocess): boolean {
  if (Math.abs(scale * 255 - 1) < 1e-5) return true;
  const means = mean.map((value) => value / scale);
  return Math.max(...means) >= MIN_BYTE_MEAN && Math.max(...means) <= 255;
}

/**
 * The data set with its values in the range that the preprocessing or the model expects: brought to 0 to 255 if the
 * former is stated for bytes, and to bytes if the model reads whole numbers; else unchanged.
 * @param type of the model's input
 * @returns a note for people where the values are changed
 * @throws AppError 'data-mismatch' if normalised values would be normalised again
 */
export function adaptValues(
  source: DatasetSource,
  range: ValueRange | undefined,
  preprocess: Preprocess,
  type: BackboneInput["type"] = "float32",
): { readonly source: DatasetSource; readonly notes: readonly string[] } {
  if (!range) return { source, notes: [] };
  const isOfBytes = isInteger(type) && isWithinBytes(range);
  if (!isOfBytes) checkNormalised(source, range, preprocess);
  const isWanted = mentionsBytes(preprocess) || isInteger(type);
  const mapping = isWanted ? byteMapping(range) : undefined;
  if (!mapping && !isOfBytes) return { source, notes: [] };
  const { factor, offset } = mapping ?? { factor: 1, offset: 0 };
  const change = isInteger(type) ? asBytes : scaled;
  return {
    source: {
      ...source,
      read: async (part, indices) =>
        (await source.read(part, indices)).map((image) =>
          "data" in image && image.data instanceof Float32Array
            ? { ...image, data: change(image.data, factor, offset) }
            : image,
        ),
      fingerprint: async (job) => hashOf([await source.fingerprint(job), factor, offset, isInteger(type)]),
    },
    notes: mapping ? [noteOn(range, mapping, isInteger(type))] : [],
  };
}

/**
 * How values become bytes that `adaptValues` has brought to where the preprocessing wants them.
 * @returns undefined where they are bytes
 * @throws AppError 'data-mismatch' if they are no pixels
 */
export function adaptedMapping(
  source: DatasetSource,
  range: ValueRange | undefined,
  preprocess: Preprocess,
  type: BackboneInput["type"],
): Omit<ByteMapping, "from"> | undefined {
  if (!range || isInteger(type)) return undefined;
  const mapping = byteMapping(range);
  if (isWithinBytes(range) || (mapping && mentionsBytes(preprocess))) return { factor: 1, offset: 0 };
  if (mapping) return mapping;
  throw new AppError(
    "data-mismatch",
    `${source.path}: its values, ${spelled(range.min)} to ${spelled(range.max)}, are no pixels of 0 to 255, 0 to 1 or -1 to 1, and corruptions ` +
      "are defined for pixels: give the images before they were normalised",
  );
}

/** Whether values are bytes that are stored as larger numbers. */
function isWithinBytes(range: ValueRange): boolean {
  return range.min >= 0 && range.max <= 255 && byteMapping(range) === undefined;
}

function noteOn(range: ValueRange, { from }: ByteMapping, isForIntegers: boolean): string {
  const why = isForIntegers
    ? "for the model reads whole numbers"
    : 'which the preprocessing speaks of; the preset "none" takes them as they are';
  const found = `values, found from ${spelled(range.min)} to ${spelled(range.max)}`;
  return `${found}, were taken as ${from} and brought to 0 to 255, ${why}`;
}

function scaled(values: Float32Array, factor: number, offset: number): Float32Array {
  return values.map((value) => value * factor + offset);
}

function asBytes(values: Float32Array, factor: number, offset: number): Uint8Array {
  // A clamped array rounds and clips.
  return new Uint8Array(Uint8ClampedArray.from(values, (value) => value * factor + offset).buffer);
}

function checkNormalised(source: DatasetSource, range: ValueRange, preprocess: Preprocess): void {
  const { mean, standardDeviation } = preprocess;
  const isAsIs = mean.every((value) => value === 0) && standardDeviation.every((value) => value === 1);
  const isWrong = isNormalised(range)
    ? mentionsBytes(preprocess) || !isAsIs
    : !arePixels(range) && mentionsBytes(preprocess);
  if (!isWrong) return;
  const what = isNormalised(range) ? "are normalised already" : "are no pixels from 0 on";
  throw new AppError(
    "data-mismatch",
    `${source.path}: its values, ${spelled(range.min)} to ${spelled(range.max)} with mean ${spelled(range.mean)} and ` +
      `deviation ${spelled(range.deviation)}, ${what}, but the preprocessing would ` +
      `${mentionsBytes(preprocess) ? "divide them by 255" : "normalise them again"}: take them as they are with the preset ` +
      '"none" (--preprocess none)',
  );
}

function spelled(value: number): string {
  return String(Number(value.toPrecision(5)));
}
