import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { imageFrame, type Preprocess, samePreprocess } from "../../../shared/model/preprocess.ts";
import { statedPreprocess } from "../dataset/splits/input-pixels.ts";
import { mentionsBytes } from "../dataset/splits/value-range.ts";
import { imageDims } from "../onnx/backbone.ts";
import { joinFragments } from "../onnx/compose.ts";
import { type Fragment, graph, model, node, value } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { isInteger } from "../onnx/image-types.ts";
import { elementTypeNumber, floatTensor, intTensor } from "../onnx/tensors.ts";

/** What a network reads, and how an image becomes that. */
export interface ImageReader {
  readonly input: BackboneInput;
  readonly preprocess: Preprocess;
}

/**
 * How a network comes by its image where another network's is at hand: it is the same, some operators make it of that,
 * or it has to be given, for it has another size, other colours, or what can't be undone.
 */
export type NetworkEntry =
  | { readonly kind: "same" }
  | { readonly kind: "operators"; readonly operators: EntryOperators }
  | { readonly kind: "own" };

/** From the values of the image at hand to those of the network's own. */
export interface EntryOperators {
  readonly from: BackboneInput;
  readonly to: BackboneInput;
  /** The channel at hand that each own channel is made of; absent where all are made of the luma. */
  readonly channels?: readonly number[];
  /** To each own channel; from the luma in pixels where `luma` is there. */
  readonly scales: readonly Affine[];
  readonly luma?: {
    /** From each channel at hand to pixels. */
    readonly pixels: readonly Affine[];
    /** Of 65536, by channel at hand. */
    readonly weights: readonly number[];
    /** Whether pixels are bytes, whose luma is rounded. */
    readonly isOfBytes: boolean;
  };
}

/** value * factor + term */
interface Affine {
  readonly factor: number;
  readonly term: number;
}

/**
 * How a network comes by its image where that of another is at hand. What it says is exact for images of bytes; values
 * differ from the network's own preprocessing by rounding only.
 */
export function entryOf(own: ImageReader, given: ImageReader): NetworkEntry {
  // Float images are brought to the bytes' range for some preprocessings and not for others.
  return readsBytes(own) === readsBytes(given) ? entryBetween(own, given) : { kind: "own" };
}

/** The same where a network's image is at hand as the bytes of a picture, see `bytesReader`. */
export function entryFromBytes(own: ImageReader, given: ImageReader): NetworkEntry {
  return entryBetween(own, bytesReader(given));
}

/** Reads what another does before it is scaled: bytes, channels last, red first. */
export function bytesReader({ input, preprocess }: ImageReader): ImageReader {
  const { dims: _dims, quantisation: _quantisation, ...rest } = input;
  return {
    input: { ...rest, type: "uint8", layout: "NHWC" },
    preprocess: { ...preprocess, scale: 1, mean: [0], standardDeviation: [1], channels: "rgb" },
  };
}

function entryBetween(own: ImageReader, given: ImageReader): NetworkEntry {
  if (!hasSameFrame(own, given)) return { kind: "own" };
  const hasSameForm = sameForm(own.input, given.input);
  if (hasSameForm && samePreprocess(own.preprocess, given.preprocess)) return { kind: "same" };
  const operators = operatorsOf(own, given);
  if (!operators) return { kind: "own" };
  const isPlain = isUnchanged(operators);
  // Half precision has lost what lies between its values.
  if (given.input.type === "float16" && !(isPlain && own.input.type === "float16")) return { kind: "own" };
  return isPlain && hasSameForm ? { kind: "same" } : { kind: "operators", operators };
}

/** Whether both see the same rectangle of the same resized image. */
function hasSameFrame(own: ImageReader, given: ImageReader): boolean {
  return imageFrame(own.input, own.preprocess) === imageFrame(given.input, given.preprocess);
}

/** Whether the tensors are alike: what one network is given the other can read. */
function sameForm(own: BackboneInput, other: BackboneInput): boolean {
  const form = ({ type, layout, channels, quantisation, ...rest }: BackboneInput) =>
    JSON.stringify([
      type,
      layout,
      channels,
      quantisation,
      imageDims({ input: { type, layout, channels, ...rest } }, 1),
    ]);
  return form(own) === form(other);
}

function operatorsOf(own: ImageReader, given: ImageReader): EntryOperators | undefined {
  const [from, to] = [given.input, own.input];
  const pixels = pixelScales(given);
  const values = pixelScales(own);
  if (!pixels || !values) return undefined;
  const [colours, wanted] = [coloursOf(given), coloursOf(own)];
  if (colours !== wanted && wanted === "luma" && colours !== "plain") {
    const weights = colours === "bgr" ? [...lumaWeights].reverse() : lumaWeights;
    const luma = { pixels: pixels.map(inverse), weights, isOfBytes: readsBytes(given) };
    return { from, to, scales: values, luma };
  }
  const channels = channelsFrom(colours, wanted, to.channels);
  if (!channels || (colours === "plain" && from.channels !== to.channels)) return undefined;
  const scales = channels.map((channel, index) => composed(inverse(pixels[channel]), values[index]));
  return { from, to, channels, scales };
}

function readsBytes({ input, preprocess }: ImageReader): boolean {
  return isInteger(input.type) || mentionsBytes(preprocess);
}

/** What the channels hold: colours in an order, the luma in all of them, or as many channels as the data has. */
type Colours = "rgb" | "bgr" | "luma" | "plain";

function coloursOf({ input: { channels }, preprocess }: ImageReader): Colours {
  if (channels === 1) return "luma";
  if (channels !== 3) return "plain";
  return preprocess.channels === "grey" ? "luma" : preprocess.channels;
}

function channelsFrom(given: Colours, wanted: Colours, count: number): number[] | undefined {
  if (given === "luma" || wanted === "luma") return given === wanted ? new Array(count).fill(0) : undefined;
  if (given === "plain" || wanted === "plain") return given === wanted ? [...Array(count).keys()] : undefined;
  return given === wanted ? [0, 1, 2] : [2, 1, 0];
}

/** ITU-R 601 of red, green and blue, of 65536; see `pixelWriter`. */
const lumaWeights = [19_595, 38_470, 7_471] as const;

/** From pixels to each channel's values; undefined where values are rounded on the way. */
function pixelScales({ input, preprocess }: ImageReader): Affine[] | undefined {
  const { type, channels, quantisation } = input;
  const stated = statedPreprocess(preprocess, input);
  if (isInteger(type) && (quantisation || stated === preprocess)) return undefined;
  const { scale, mean, standardDeviation } = stated;
  return Array.from({ length: channels }, (_, channel) => {
    const of = (values: readonly number[]) => values[values.length === 1 ? 0 : channel];
    return { factor: scale / of(standardDeviation), term: -of(mean) / of(standardDeviation) };
  });
}

function inverse({ factor, term }: Affine): Affine {
  return { factor: 1 / factor, term: -term / factor };
}

function composed(first: Affine, second: Affine): Affine {
  return { factor: first.factor * second.factor, term: first.term * second.factor + second.term };
}

/** Below what float32 tells apart. */
const tiny = 1e-7;

function isPlainScale({ factor, term }: Affine): boolean {
  return Math.abs(factor - 1) < tiny && Math.abs(term) < tiny;
}

function isUnchanged({ from, channels, scales }: EntryOperators): boolean {
  return hasSameChannels(from, channels) && scales.every(isPlainScale);
}

function hasSameChannels(from: BackboneInput, channels: EntryOperators["channels"]): boolean {
  return channels?.length === from.channels && channels.every((channel, index) => channel === index);
}

/**
 * The operators as nodes, of any operator set from 7 on.
 * @param given the tensor at hand
 * @param image what the network's own becomes called
 * @param prefix of the names of all tensors between
 * @param batch 1, or open
 */
export function entryFragment(
  operators: EntryOperators,
  given: string,
  image: string,
  prefix: string,
  batch: number | string,
): Fragment {
  const steps = [
    ...toChannelsFirst(operators.from, batch),
    ...(operators.luma ? toLuma(operators.luma) : toChannels(operators)),
    ...toValues(operators),
    ...toOwnForm(operators.to, batch),
  ];
  const result = steps.reduce<{ from: string; parts: Fragment[] }>(
    ({ from, parts }, step, index) => {
      const to = index === steps.length - 1 ? image : `${prefix}${index}`;
      return { from: to, parts: [...parts, step(from, to, `${prefix}${index}/constant`)] };
    },
    { from: given, parts: [] },
  );
  return joinFragments(result.parts);
}

/** The operators alone as a model, from the image at hand to the network's own. @param like whose operator set it has */
export function entryModel(operators: EntryOperators, like: GraphModel): GraphModel {
  const { from, to } = operators;
  const fragment = entryFragment(operators, "given", "own", "entry/", 1);
  const [inputs, outputs] = [
    [value("given", from.type, imageDims({ input: from }, 1))],
    [value("own", to.type, imageDims({ input: to }, 1))],
  ];
  return model(graph("entry", fragment, inputs, outputs), like);
}

/** One operator: from a tensor to another, with a constant of a name. */
type Step = (from: string, to: string, constant: string) => Fragment;

function cast(type: string): Step {
  return (from, to) => ({
    nodes: [node("Cast", [from], [to], { to: elementTypeNumber(type) })],
    initializers: [],
  });
}

function transposed(perm: readonly number[]): Step {
  return (from, to) => ({ nodes: [node("Transpose", [from], [to], { perm })], initializers: [] });
}

function reshaped(dims: readonly (number | string)[]): Step {
  const sizes = dims.map((size) => (typeof size === "string" ? -1 : size));
  return (from, to, constant) => ({
    nodes: [node("Reshape", [from, constant], [to])],
    initializers: [intTensor(constant, sizes)],
  });
}

function floored(): Step {
  return (from, to) => ({ nodes: [node("Floor", [from], [to])], initializers: [] });
}

/** One number for each channel, [1, C, 1, 1]. */
function perChannel(operator: "Mul" | "Add", values: readonly number[]): Step {
  return (from, to, constant) => ({
    nodes: [node(operator, [from, constant], [to])],
    initializers: [floatTensor(constant, values, [1, values.length, 1, 1])],
  });
}

/** @param rounding added before values are rounded down */
function scaled(scales: readonly Affine[], { rounding = 0, spreads = false } = {}): Step[] {
  const factors = scales.map(({ factor }) => factor);
  const terms = scales.map(({ term }) => term + rounding);
  const multiplies = spreads || factors.some((factor) => Math.abs(factor - 1) >= tiny);
  return [
    ...(multiplies ? [perChannel("Mul", factors)] : []),
    ...(terms.some((term) => Math.abs(term) >= tiny) ? [perChannel("Add", terms)] : []),
  ];
}

/** To float32 [N, C, H, W]. */
function toChannelsFirst(input: BackboneInput, batch: number | string): Step[] {
  const { type, layout, dims } = input;
  return [
    ...(type === "float32" ? [] : [cast("float32")]),
    ...(dims ? [reshaped(imageDims({ input: { ...input, dims: undefined } }, batch))] : []),
    ...(layout === "NHWC" ? [transposed([0, 3, 1, 2])] : []),
  ];
}

function toChannels({ from, channels }: EntryOperators): Step[] {
  if (!channels || hasSameChannels(from, channels)) return [];
  return [
    (image, to, constant) => ({
      nodes: [node("Gather", [image, constant], [to], { axis: 1 })],
      initializers: [intTensor(constant, channels)],
    }),
  ];
}

/**
 * To pixels and their luma [N, 1, H, W]. Bytes are brought back to whole numbers first; their weighted sum is below
 * 2^24, so that float32 holds it exactly and it is rounded as the images' own reader does it.
 */
function toLuma({ pixels, weights, isOfBytes }: NonNullable<EntryOperators["luma"]>): Step[] {
  const sum: Step = (from, to, constant) => ({
    nodes: [node("Conv", [from, constant], [to])],
    initializers: [floatTensor(constant, weights, [1, weights.length, 1, 1])],
  });
  const share = perChannel("Mul", [1 / 65_536]);
  if (!isOfBytes) return [...scaled(pixels), sum, share];
  return [
    ...scaled(pixels, { rounding: 0.5 }),
    floored(),
    sum,
    perChannel("Add", [32_768]),
    share,
    floored(),
  ];
}

/** Multiplying gives a luma to all channels. What the network reads as whole numbers is rounded to the nearest. */
function toValues({ luma, scales, to }: EntryOperators): Step[] {
  const spreads = luma !== undefined && scales.length > 1;
  if (!isInteger(to.type)) return scaled(scales, { spreads });
  return [...scaled(scales, { spreads, rounding: 0.5 }), floored()];
}

/** From float32 [N, C, H, W] to what the network reads. */
function toOwnForm(input: BackboneInput, batch: number | string): Step[] {
  const { type, layout, dims } = input;
  return [
    ...(layout === "NHWC" ? [transposed([0, 2, 3, 1])] : []),
    ...(dims ? [reshaped(imageDims({ input }, batch))] : []),
    ...(type === "float32" ? [] : [cast(type)]),
  ];
}
