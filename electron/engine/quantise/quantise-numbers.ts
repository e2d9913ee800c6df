/** How real numbers become whole ones: real = scale (whole - zeroPoint). */
export interface Quantisation {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Low and high of what a tensor holds. */
export type ValueRange = readonly [low: number, high: number];

const activationLevels = 255;

/**
 * Weights go from -64 to 64, not to 127: processors without VNNI add two products of an activation (at most 255) and a
 * weight in 16 bits, and 2 x 255 x 64 = 32 640 is the most that fits; beyond that they saturate without a word.
 */
export const largestWeight = 64;

/** Biases in 32 bits with room for the sums that are added to them. */
const largestBias = 2 ** 30;

/** Activations in unsigned bytes, asymmetric; zero is a level, as padding is zero. */
export function activationQuantisation([low, high]: ValueRange): Quantisation {
  const [least, most] = [Math.min(0, low), Math.max(0, high)];
  const scale = Math.fround((most - least) / activationLevels) || 1;
  return { scale, zeroPoint: Math.min(activationLevels, Math.max(0, Math.round(-least / scale))) };
}

/** Weights of a layer with a scale per output channel, and its bias in the scale of the sums. */
export interface QuantisedLayer {
  readonly weights: Int8Array;
  /** One per output channel. */
  readonly scales: Float32Array;
  readonly bias?: { readonly values: Int32Array; readonly scales: Float32Array };
}

/**
 * @param weights row-major, with the channels along one axis: `stride` numbers follow each other in a channel
 * @param inputScale of the activations that the weights are multiplied by
 */
export function quantiseLayer(
  weights: Float64Array,
  { channels, stride }: { readonly channels: number; readonly stride: number },
  bias: Float64Array | undefined,
  inputScale: number,
): QuantisedLayer {
  const channelOf = (at: number) => Math.floor(at / stride) % channels;
  const largest = new Float64Array(channels);
  for (let at = 0; at < weights.length; at++)
    largest[channelOf(at)] = Math.max(largest[channelOf(at)], Math.abs(weights[at]));
  // A channel of tiny weights still has to hold its bias.
  const scales = Float32Array.from(largest, (most, channel) =>
    Math.max(most / largestWeight, Math.abs(bias?.[channel] ?? 0) / (inputScale * largestBias), 1e-30),
  );
  const quantised = Int8Array.from(weights, (weight, at) => {
    const whole = Math.round(weight / scales[channelOf(at)]);
    return Math.min(largestWeight, Math.max(-largestWeight, whole));
  });
  if (!bias) return { weights: quantised, scales };
  const biasScales = scales.map((scale) => scale * inputScale);
  const values = Int32Array.from(bias, (value, channel) => Math.round(value / biasScales[channel]));
  return { weights: quantised, scales, bias: { values, scales: biasScales } };
}
