// Makes a network's input of a picture's pixels, as the export says.
//
// What says it is an entry of `images` in manifest.json, or of the list in a model's metadata under offramp.images. A picture is
// {width, height, data}: bytes, three a pixel, red first. Pixels come out as Offramp, Pillow and torchvision make them.

const bits = 22;

/** @returns the network's input at batch 1, as an entry of `images` describes it: values and dimensions */
export function makeInput(picture, image) {
  const { preprocess, frame, shape } = image;
  const [height, width, channels] = frame;
  if (preprocess === null || (channels !== 1 && channels !== 3))
    throw new Error(`nothing says how a picture becomes ${image.name}; give it as an array`);
  const framed = framePicture(picture, preprocess, height, width);
  const data = new arrays[image.type](height * width * channels);
  const [fromRow, toPixel] = image.layout === "NHWC" ? [1, channels] : [height * width, 1];
  for (let channel = 0; channel < channels; channel++) {
    const colour = preprocess.channels === "bgr" ? 2 - channel : channel;
    const pixelOf = channels === 1 || preprocess.channels === "grey" ? luma : (at) => framed[at * 3 + colour];
    const values = Array.from({ length: 256 }, (_, byte) => readOf(byte, preprocess, image, channel));
    for (let at = 0; at < height * width; at++)
      data[channel * fromRow + at * toPixel] = values[pixelOf(at, framed)];
  }
  return { data, dims: shape.map((side) => side ?? 1) };
}

const arrays = {
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int32: Int32Array,
  uint8: Uint8Array,
};

/** ITU-R 601 in Pillow's fixed point. */
function luma(at, data) {
  const weighted = 19_595 * data[at * 3] + 38_470 * data[at * 3 + 1] + 7_471 * data[at * 3 + 2];
  return (weighted + 32_768) >> 16;
}

/** What the network reads of a byte. */
function readOf(byte, { scale, mean, standardDeviation }, { type, quantisation }, channel) {
  const of = (values) => values[values.length === 1 ? 0 : channel];
  const value = (byte * scale - of(mean)) / of(standardDeviation);
  if (type === "float16") return halfBits(Math.fround(value));
  if (type.startsWith("float")) return Math.fround(value);
  const rounded = Math.round(quantisation ? value / quantisation.scale + quantisation.zeroPoint : value);
  return type === "int8" ? Math.min(127, Math.max(-128, rounded)) : rounded;
}

/** The bits of the half nearest to a number below 65520; ties go to even. */
function halfBits(value) {
  const magnitude = Math.abs(value);
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude)));
  const steps = roundEven(magnitude / 2 ** (exponent - 10));
  const isNormal = magnitude >= 2 ** -14;
  return (value < 0 ? 0x8000 : 0) + (isNormal ? ((exponent + 14) << 10) + steps : steps);
}

function roundEven(value) {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) return floor + (floor % 2);
  return rest < 0.5 ? floor : floor + 1;
}

/** Resizes and crops. */
function framePicture(picture, preprocess, height, width) {
  const resized = resize(picture, resizedTo(picture, preprocess.resize), preprocess);
  const { centreCrop = [resized.height, resized.width] } = preprocess;
  const crop = typeof centreCrop === "number" ? [centreCrop, centreCrop] : centreCrop;
  const [top, left] = [(resized.height - crop[0]) / 2, (resized.width - crop[1]) / 2].map(roundEven);
  const isTooSmall = resized.height < crop[0] || resized.width < crop[1];
  if (isTooSmall || crop[0] !== height || crop[1] !== width)
    throw new Error(
      `the picture is ${picture.height}x${picture.width} and after preprocessing ${resized.height}x${resized.width}, ` +
        `expected ${height}x${width} (height x width)`,
    );
  const rows = Array.from({ length: height }, (_, row) => ((top + row) * resized.width + left) * 3);
  const data = new Uint8Array(height * width * 3);
  for (const [row, start] of rows.entries())
    data.set(resized.data.subarray(start, start + width * 3), row * width * 3);
  return data;
}

function resizedTo({ height, width }, wanted) {
  if (wanted === undefined) return { height, width };
  if (typeof wanted !== "number") return { height: wanted[0], width: wanted[1] };
  const longer = Math.trunc((wanted * Math.max(height, width)) / Math.min(height, width));
  return height <= width ? { height: wanted, width: longer } : { height: longer, width: wanted };
}

/** Resizes as Pillow does, and without antialias as torch's `interpolate` and OpenCV do. */
function resize(picture, { height, width }, how) {
  if (picture.height === height && picture.width === width) return picture;
  const [across, down] = [tapsAlong(picture.width, width, how), tapsAlong(picture.height, height, how)];
  const isFixed = how.antialias || how.interpolation === "nearest";
  const halfway = alongRows(picture, across, isFixed);
  const turned = alongRows(turn(halfway), down, isFixed);
  const { data } = turn(turned);
  return { height, width, data: isFixed ? data : Uint8ClampedArray.from(data) };
}

/** For each place the pixels that it is made of, and how much of each. */
function tapsAlong(before, after, { interpolation, antialias }) {
  if (interpolation === "nearest") return nearest(before, after);
  const isCubic = interpolation === "bicubic";
  return antialias ? averaging(before, after, isCubic) : sampling(before, after, isCubic);
}

/** A kernel that widens as the picture shrinks, cut off at the edges. */
function averaging(before, after, isCubic) {
  const scale = before / after;
  const spread = Math.max(1, scale);
  const reach = (isCubic ? 2 : 1) * spread;
  return Array.from({ length: after }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(before, Math.trunc(centre + reach + 0.5));
    const at = Array.from({ length: end - first }, (_, tap) => first + tap);
    const shares = at.map((pixel) => kernel((pixel - centre + 0.5) / spread, isCubic, -0.5));
    const sum = shares.reduce((total, share) => total + share, 0);
    return { at, shares: shares.map((share) => fixed(share / sum)) };
  });
}

/** A kernel of one width; pixels beyond an edge are those at it. */
function sampling(before, after, isCubic) {
  const scale = before / after;
  const reach = isCubic ? 2 : 1;
  return Array.from({ length: after }, (_, place) => {
    const centre = (place + 0.5) * scale - 0.5;
    const first = Math.floor(centre) - reach + 1;
    const taps = Array.from({ length: 2 * reach }, (_, tap) => first + tap);
    const shares = taps.map((pixel) => kernel(pixel - centre, isCubic, -0.75));
    return { at: taps.map((pixel) => Math.min(before - 1, Math.max(0, pixel))), shares };
  });
}

/** The pixel under the middle of each place; steps are summed as Pillow sums them, so that ties fall alike. */
function nearest(before, after) {
  let centre = (before / after) * 0.5;
  return Array.from({ length: after }, () => {
    const at = Math.min(before - 1, Math.trunc(centre));
    centre += before / after;
    return { at: [at], shares: [fixed(1)] };
  });
}

/** Of a triangle, or Keys' cubic, doi:10.1109/TASSP.1981.1163711. */
function kernel(distance, isCubic, a) {
  const x = Math.abs(distance);
  if (!isCubic) return Math.max(0, 1 - x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/** Pillow's whole numbers. */
function fixed(share) {
  return Math.trunc(share * 2 ** bits + Math.sign(share) * 0.5);
}

/** Sums weighted pixels of each row: in Pillow's whole numbers, or in floats. */
function alongRows({ height, width, data }, taps, isFixed) {
  const out = new (isFixed ? Uint8ClampedArray : Float32Array)(height * taps.length * 3);
  let to = 0;
  for (let row = 0; row < height; row++)
    for (const { at, shares } of taps)
      for (let colour = 0; colour < 3; colour++) {
        let sum = isFixed ? 1 << (bits - 1) : 0;
        for (let tap = 0; tap < at.length; tap++)
          sum += data[(row * width + at[tap]) * 3 + colour] * shares[tap];
        out[to++] = isFixed ? sum >> bits : sum;
      }
  return { height, width: taps.length, data: out };
}

/** Rows become columns. */
function turn({ height, width, data }) {
  const out = new data.constructor(data.length);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (let colour = 0; colour < 3; colour++)
        out[(column * height + row) * 3 + colour] = data[(row * width + column) * 3 + colour];
  return { height: width, width: height, data: out };
}
