import type { Preprocess } from "../../../../shared/domain/preprocess.ts";
import type { RawImage } from "../dataset-source.ts";

export type Resampling = Pick<Preprocess, "interpolation" | "antialias">;

/**
 * Resizes an image to the pixels that Pillow gives, and torchvision on Pillow images; without antialiasing to those of
 * torch's `interpolate` and OpenCV. Bytes are rounded and cut off after each direction, as there; floats are neither.
 * @see https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c
 */
export function resample(image: RawImage, height: number, width: number, how: Resampling): RawImage {
  if (how.interpolation === "nearest") return nearest(image, height, width);
  const { channels } = image;
  const across = weightsAlong(image.width, width, how);
  const down = weightsAlong(image.height, height, how);
  const rows = { lines: image.height, length: image.width, step: channels };
  const columns = { lines: 1, length: image.height, step: width * channels };
  // Only a filter that averages is rounded between the directions; the other is one sum in floats.
  if (image.data instanceof Float32Array || !how.antialias) {
    const floats = Float32Array.from(image.data);
    const out = floatsAlong(floatsAlong(floats, rows, across), columns, down);
    return sized(image, height, width, image.data instanceof Float32Array ? out : rounded(out));
  }
  const halfway = bytesAlong(image.data, rows, fixedPoint(across));
  return sized(image, height, width, bytesAlong(halfway, columns, fixedPoint(down)));
}

function sized(image: RawImage, height: number, width: number, data: RawImage["data"]): RawImage {
  return { width, height, channels: image.channels, data };
}

/** For each place along a direction, the pixels that it is made of. */
interface Weights {
  /** Most pixels that a place is made of; the stride of `values`. */
  readonly most: number;
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** [places x most] */
  readonly values: Float64Array;
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

function weightsAlong(from: number, to: number, { interpolation, antialias }: Resampling): Weights {
  if (antialias) return averaging(from, to, interpolation === "bilinear" ? triangle : pillowCubic);
  return sampling(from, to, interpolation === "bilinear" ? triangle : torchCubic);
}

/** A kernel that widens as the image shrinks, cut off at the edges. */
function averaging(from: number, to: number, { reach, weight }: Kernel): Weights {
  const scale = from / to;
  const spread = Math.max(1, scale);
  const most = Math.ceil(reach * spread) * 2 + 1;
  const weights = emptyWeights(to, most);
  for (let place = 0; place < to; place++) {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach * spread + 0.5));
    const end = Math.min(from, Math.trunc(centre + reach * spread + 0.5));
    let sum = 0;
    for (let at = first; at < end; at++) {
      const value = weight((at - centre + 0.5) / spread);
      weights.values[place * most + at - first] = value;
      sum += value;
    }
    for (let at = 0; at < end - first; at++) weights.values[place * most + at] /= sum;
    weights.first[place] = first;
    weights.count[place] = end - first;
  }
  return weights;
}

/** A kernel of one width, whatever the scale; pixels beyond an edge are those at it. */
function sampling(from: number, to: number, { reach, weight }: Kernel): Weights {
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

function emptyWeights(places: number, most: number): Weights {
  return {
    most,
    first: new Int32Array(places),
    count: new Int32Array(places),
    values: new Float64Array(places * most),
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

interface FixedWeights extends Omit<Weights, "values"> {
  readonly values: Int32Array;
}

function fixedPoint(weights: Weights): FixedWeights {
  const scaled = (value: number) => Math.trunc(value * 2 ** PRECISION_BITS + Math.sign(value) * 0.5);
  return { ...weights, values: Int32Array.from(weights.values, scaled) };
}

/** Sums fit 32 bits: weights add up to 1, and a cubic's swing adds less than a third. */
function bytesAlong(
  data: Uint8Array,
  { lines, length, step }: Direction,
  { most, first, count, values }: FixedWeights,
): Uint8Array {
  const places = first.length;
  const out = new Uint8ClampedArray(lines * places * step);
  for (let line = 0, to = 0; line < lines; line++) {
    for (let place = 0; place < places; place++) {
      const start = (line * length + first[place]) * step;
      const weightsStart = place * most;
      const pixels = count[place];
      for (let value = 0; value < step; value++) {
        let sum = 1 << (PRECISION_BITS - 1);
        for (let k = 0, from = start + value; k < pixels; k++, from += step)
          sum = (sum + Math.imul(data[from], values[weightsStart + k])) | 0;
        out[to++] = sum >> PRECISION_BITS;
      }
    }
  }
  return new Uint8Array(out.buffer);
}

function floatsAlong(
  data: Float32Array,
  { lines, length, step }: Direction,
  { most, first, count, values }: Weights,
): Float32Array {
  const places = first.length;
  const out = new Float32Array(lines * places * step);
  for (let line = 0, to = 0; line < lines; line++) {
    for (let place = 0; place < places; place++) {
      const start = (line * length + first[place]) * step;
      for (let value = 0; value < step; value++) {
        let sum = 0;
        for (let k = 0, from = start + value; k < count[place]; k++, from += step)
          sum += data[from] * values[place * most + k];
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

function nearest(image: RawImage, height: number, width: number): RawImage {
  const columns = nearestAlong(image.width, width);
  const rows = nearestAlong(image.height, height);
  const { channels } = image;
  const data = emptyLike(image.data, height * width * channels);
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * image.width + column) * channels;
      for (let channel = 0; channel < channels; channel++) data[to++] = image.data[from + channel];
    }
  }
  return sized(image, height, width, data);
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
