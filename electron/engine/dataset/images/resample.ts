import type { Preprocess } from "../../../../shared/model/preprocess.ts";
import type { RawImage } from "./raw-image.ts";

export type Resampling = Pick<Preprocess, "interpolation" | "antialias">;

export type Size = Pick<RawImage, "height" | "width">;

/** A rectangle of an image. */
export interface Window extends Size {
  readonly top: number;
  readonly left: number;
}

/**
 * Resizes an image to the pixels that Pillow gives, and torchvision on Pillow images; without antialiasing to those of
 * torch's `interpolate` and OpenCV. Bytes are rounded and clipped after each direction, as there; floats are neither.
 * @param window the part of the resized image that is wanted; nothing else is computed
 * @see https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c
 */
export function resample(image: RawImage, size: Size, how: Resampling, window: Window): RawImage {
  if (how.interpolation === "nearest") return nearest(image, size, window);
  const { channels } = image;
  const across = within(weightsAlong(image.width, size.width, how), window.left, window.width);
  const rows = within(weightsAlong(image.height, size.height, how), window.top, window.height);
  // Only the rows that the window is made of.
  const top = rows.first.reduce((min, row) => Math.min(min, row), image.height);
  const end = rows.first.reduce((max, row, place) => Math.max(max, row + rows.count[place]), 0);
  const down = { ...rows, first: rows.first.map((row) => row - top) };
  const lines = { lines: end - top, length: image.width, step: channels };
  const columns = { lines: 1, length: end - top, step: window.width * channels };
  const data = image.data.subarray(top * image.width * channels, end * image.width * channels);
  // Only a filter that averages is rounded between the directions; the other is one sum in floats.
  if (data instanceof Float32Array || !how.antialias) {
    const out = floatsAlong(floatsAlong(data, lines, across), columns, down);
    return sized(image, window, data instanceof Float32Array ? out : rounded(out));
  }
  const halfway = bytesAlong(data, lines, across);
  return sized(image, window, bytesAlong(halfway, columns, down));
}

function sized(image: RawImage, { height, width }: Size, data: RawImage["data"]): RawImage {
  return { width, height, channels: image.channels, data };
}

/** For each place along a direction, the pixels that it is made of. */
interface Weights {
  /** Most pixels that a place is made of; the stride of `values`. */
  readonly max: number;
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** [places x most] */
  readonly values: Float64Array;
  /** The same with Pillow's 22 bits behind the point. */
  readonly fixed: Int32Array;
}

/** Of the places from `start` on. */
function within({ max, first, count, values, fixed }: Weights, start: number, places: number): Weights {
  const end = start + places;
  return {
    max,
    first: first.subarray(start, end),
    count: count.subarray(start, end),
    values: values.subarray(start * max, end * max),
    fixed: fixed.subarray(start * max, end * max),
  };
}

/** The weight of a pixel at a distance, in pixels (or in places, where the image shrinks), and how far it reaches. */
interface Kernel {
  readonly reach: number;
  weight(distance: number): number;
}

const triangle: Kernel = { reach: 1, weight: (distance) => Math.max(0, 1 - Math.abs(distance)) };

/**
 * @param sharpness -0.5 in Pillow, -0.75 in torch and OpenCV
 * @see Keys 1981, doi:10.1109/TASSP.1981.1163711
 */
function cubic(sharpness: number): Kernel {
  const a = sharpness;
  return {
    reach: 2,
    weight: (distance) => {
      const x = Math.abs(distance);
      if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    },
  };
}

const pillowCubic = cubic(-0.5);
const torchCubic = cubic(-0.75);

/** Images of a data set are often alike in size, and weights take as long to make as to use. */
const maxKept = 64;
const kept = new Map<string, Weights>();

function weightsAlong(from: number, to: number, how: Resampling): Weights {
  const key = [from, to, how.interpolation, how.antialias].join();
  const known = kept.get(key);
  if (known) return known;
  const { values, ...made } = madeWeights(from, to, how);
  const weights = { ...made, values, fixed: Int32Array.from(values, fixedPoint) };
  if (kept.size === maxKept) kept.delete(kept.keys().next().value!);
  kept.set(key, weights);
  return weights;
}

type PlainWeights = Omit<Weights, "fixed">;

function madeWeights(from: number, to: number, { interpolation, antialias }: Resampling): PlainWeights {
  if (antialias) return averaging(from, to, interpolation === "bilinear" ? triangle : pillowCubic);
  return sampling(from, to, interpolation === "bilinear" ? triangle : torchCubic);
}

/** A kernel that widens as the image shrinks, truncated at the edges. */
function averaging(from: number, to: number, { reach, weight }: Kernel): PlainWeights {
  const scale = from / to;
  const spread = Math.max(1, scale);
  const max = Math.ceil(reach * spread) * 2 + 1;
  const weights = emptyWeights(to, max);
  for (let place = 0; place < to; place++) {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach * spread + 0.5));
    const end = Math.min(from, Math.trunc(centre + reach * spread + 0.5));
    let sum = 0;
    for (let at = first; at < end; at++) {
      const value = weight((at - centre + 0.5) / spread);
      weights.values[place * max + at - first] = value;
      sum += value;
    }
    for (let at = 0; at < end - first; at++) weights.values[place * max + at] /= sum;
    weights.first[place] = first;
    weights.count[place] = end - first;
  }
  return weights;
}

/** A kernel of one width, whatever the scale; pixels beyond an edge are those at it. */
function sampling(from: number, to: number, { reach, weight }: Kernel): PlainWeights {
  const scale = from / to;
  const weights = emptyWeights(to, 2 * reach);
  for (let place = 0; place < to; place++) {
    const centre = (place + 0.5) * scale - 0.5;
    const before = Math.floor(centre) - reach + 1;
    const first = Math.min(Math.max(0, before), from - 1);
    for (let step = 0; step < 2 * reach; step++) {
      const at = Math.min(Math.max(0, before + step), from - 1);
      weights.values[place * 2 * reach + at - first] += weight(before + step - centre);
    }
    weights.first[place] = first;
    weights.count[place] = Math.min(2 * reach, from - first);
  }
  return weights;
}

function emptyWeights(places: number, max: number): PlainWeights {
  return {
    max,
    first: new Int32Array(places),
    count: new Int32Array(places),
    values: new Float64Array(places * max),
  };
}

/** How a direction runs through an image's values: lines of `length` places, each of `step` values side by side. */
interface Direction {
  readonly lines: number;
  readonly length: number;
  readonly step: number;
}

/** Bits behind the point of Pillow's weights. */
const PRECISION_BITS = 22;
const HALF = 1 << (PRECISION_BITS - 1);

function fixedPoint(weight: number): number {
  return Math.trunc(weight * 2 ** PRECISION_BITS + Math.sign(weight) * 0.5);
}

/** Sums fit 32 bits: weights add up to 1, and a cubic's swing adds less than a third. */
function bytesAlong(data: Uint8Array, direction: Direction, weights: Weights): Uint8Array {
  const out = new Uint8ClampedArray(direction.lines * weights.first.length * direction.step);
  if (direction.step === 3) threesAlong(data, direction, weights, out);
  else stepsAlong(data, direction, weights, out);
  return new Uint8Array(out.buffer);
}

function stepsAlong(
  data: Uint8Array,
  { lines, length, step }: Direction,
  { max, first, count, fixed }: Weights,
  out: Uint8ClampedArray,
): void {
  const places = first.length;
  for (let line = 0, to = 0; line < lines; line++) {
    for (let place = 0; place < places; place++) {
      const start = (line * length + first[place]) * step;
      const weightsStart = place * max;
      const pixels = count[place];
      for (let value = 0; value < step; value++) {
        let sum = HALF;
        for (let k = 0, from = start + value; k < pixels; k++, from += step)
          sum = (sum + Math.imul(data[from], fixed[weightsStart + k])) | 0;
        out[to++] = sum >> PRECISION_BITS;
      }
    }
  }
}

/** The same for colours side by side, which share their weights. */
function threesAlong(
  data: Uint8Array,
  { lines, length }: Direction,
  { max, first, count, fixed }: Weights,
  out: Uint8ClampedArray,
): void {
  const places = first.length;
  for (let line = 0, to = 0; line < lines; line++) {
    for (let place = 0; place < places; place++) {
      let from = (line * length + first[place]) * 3;
      const weightsStart = place * max;
      const weightsEnd = weightsStart + count[place];
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      for (let at = weightsStart; at < weightsEnd; at++, from += 3) {
        const weight = fixed[at];
        red = (red + Math.imul(data[from], weight)) | 0;
        green = (green + Math.imul(data[from + 1], weight)) | 0;
        blue = (blue + Math.imul(data[from + 2], weight)) | 0;
      }
      out[to++] = red >> PRECISION_BITS;
      out[to++] = green >> PRECISION_BITS;
      out[to++] = blue >> PRECISION_BITS;
    }
  }
}

function floatsAlong(
  data: RawImage["data"],
  { lines, length, step }: Direction,
  { max, first, count, values }: Weights,
): Float32Array {
  const places = first.length;
  const out = new Float32Array(lines * places * step);
  for (let line = 0, to = 0; line < lines; line++) {
    for (let place = 0; place < places; place++) {
      const start = (line * length + first[place]) * step;
      for (let value = 0; value < step; value++) {
        let sum = 0;
        for (let k = 0, from = start + value; k < count[place]; k++, from += step)
          sum += data[from] * values[place * max + k];
        out[to++] = sum;
      }
    }
  }
  return out;
}

function emptyLike<T extends Uint8Array | Float32Array>(data: T, length: number): T {
  return (data instanceof Float32Array ? new Float32Array(length) : new Uint8Array(length)) as T;
}

/** To bytes, halves to even as torch rounds them. */
function rounded(floats: Float32Array): Uint8Array {
  // What a clamped array does when it is written to.
  const bytes = Uint8ClampedArray.from(floats);
  return new Uint8Array(bytes.buffer);
}

function nearest(image: RawImage, size: Size, window: Window): RawImage {
  const columns = nearestAlong(image.width, size.width).subarray(window.left, window.left + window.width);
  const rows = nearestAlong(image.height, size.height).subarray(window.top, window.top + window.height);
  const { channels } = image;
  const data = emptyLike(image.data, window.height * window.width * channels);
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * image.width + column) * channels;
      for (let channel = 0; channel < channels; channel++) data[to++] = image.data[from + channel];
    }
  }
  return sized(image, window, data);
}

/** The pixel under the middle of each place. Steps are summed as Pillow sums them, so that ties fall alike. */
function nearestAlong(from: number, to: number): Int32Array {
  const step = from / to;
  let centre = step * 0.5;
  return Int32Array.from({ length: to }, () => {
    const at = Math.min(from - 1, Math.trunc(centre));
    centre += step;
    return at;
  });
}
