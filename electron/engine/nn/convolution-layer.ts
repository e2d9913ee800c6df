import type { NodeProto } from "../onnx/gen/onnx_pb.ts";
import { node } from "../onnx/graph-builder.ts";
import { floatTensor, intTensor } from "../onnx/tensors.ts";
import {
  gradient,
  heWeights,
  type Layer,
  type LayerTensors,
  type LayerValues,
  ofBatch,
  type Pass,
  uniform,
} from "./layers.ts";

/** How a square window of weights goes over maps [N, channels, height, width]. */
export interface Convolution {
  readonly channels: number;
  readonly filters: number;
  readonly height: number;
  readonly width: number;
  /** One that looks at single places has stride 1. */
  readonly kernel: 1 | 3;
  readonly stride: number;
  /** Each channel has a filter of its own, and meets no other; `filters` is `channels` then. */
  readonly depthwise?: boolean;
}

/** As in PyTorch. */
const epsilon = 1e-5;

/** Sides of what a convolution gives: zeros around the map keep its size at stride 1. */
export function convolvedSides({ height, width, stride }: Convolution): { height: number; width: number } {
  return { height: Math.ceil(height / stride), width: Math.ceil(width / stride) };
}

/**
 * Convolution and batch norm, of which one convolution with bias is left once they are deployed: it has the running
 * statistics folded into its weights. Gradients are convolutions, too: that of the weights takes channels for images and
 * images for channels, that of the input is transposed.
 * @see Ioffe, Szegedy 2015, arXiv 1502.03167
 */
export function convolutionLayer(name: string, convolution: Convolution): Layer {
  const { channels, filters, kernel, stride, depthwise = false } = convolution;
  const names = namesOf(name);
  const sides = convolvedSides(convolution);
  const inputs = depthwise ? 1 : channels;
  const weightDims = [filters, inputs, kernel, kernel];
  const perFilter = [1, filters, 1, 1];
  const border = (kernel - 1) / 2;
  const window = {
    strides: [stride, stride],
    pads: [border, border, border, border],
    group: depthwise ? channels : 1,
  };
  return {
    name,
    parameters: [
      heWeights(names.weight, weightDims, inputs * kernel * kernel),
      uniform(names.gain, perFilter, 1),
      uniform(names.offset, perFilter, 0),
    ],
    statistics: [uniform(names.mean, perFilter, 0), uniform(names.variance, perFilter, 1)],
    constants: [
      floatTensor(names.epsilon, [epsilon], []),
      floatTensor(names.places, [sides.height * sides.width], []),
      intTensor(names.joined, [1, -1, convolution.height, convolution.width]),
      intTensor(names.dims, weightDims),
    ],
    macs: filters * inputs * kernel * kernel * sides.height * sides.width,
    forward: ({ inputs: [input], output }, pass) => [
      node("Conv", [input, names.weight], [names.plain], window),
      ...(pass === "training" ? batchStatistics(names) : []),
      ...normalisation(names, pass, output),
    ],
    backward: (tensors, needsInput) => [
      ...normalisationGradients(names, tensors),
      ...weightGradient(names, tensors, convolution),
      ...(needsInput
        ? [
            node("ConvTranspose", [gradient(names.plain), names.weight], [gradient(tensors.inputs[0])], {
              ...window,
              output_padding: [
                convolution.height - ((sides.height - 1) * stride + 1),
                convolution.width - ((sides.width - 1) * stride + 1),
              ],
            }),
          ]
        : []),
    ],
    deployed: ({ inputs: [input], output }, values) => {
      const folded = fold(names, values, inputs * kernel * kernel);
      return {
        nodes: [
          node("Conv", [input, names.weight, names.bias], [output], {
            kernel_shape: [kernel, kernel],
            ...window,
          }),
        ],
        initializers: [
          floatTensor(names.weight, folded.weights, weightDims),
          floatTensor(names.bias, folded.biases, [filters]),
        ],
      };
    },
  };
}

function namesOf(name: string) {
  const parts = ["weight", "gain", "offset", "mean", "variance", "bias"] as const;
  const inner = ["plain", "centred", "deviation", "normal", "epsilon", "places", "joined", "dims"] as const;
  return Object.fromEntries([...parts, ...inner].map((part) => [part, `${name}/${part}`])) as Record<
    (typeof parts)[number] | (typeof inner)[number],
    string
  >;
}

type Names = ReturnType<typeof namesOf>;

const overBatch = { axes: [0, 2, 3], keepdims: 1 };

function batchStatistics({ plain, mean, variance }: Names): NodeProto[] {
  return [
    node("ReduceMean", [plain], [ofBatch(mean)], overBatch),
    node("Sub", [plain, ofBatch(mean)], [`${variance}/differences`]),
    node("Mul", [`${variance}/differences`, `${variance}/differences`], [`${variance}/squares`]),
    node("ReduceMean", [`${variance}/squares`], [ofBatch(variance)], overBatch),
  ];
}

/** y = gain (z - mean) / sqrt(variance + epsilon) + offset. */
function normalisation(names: Names, pass: Pass, output: string): NodeProto[] {
  const used = (statistic: string) => (pass === "training" ? ofBatch(statistic) : statistic);
  const { plain, mean, variance, centred, deviation, normal, gain, offset } = names;
  return [
    node("Sub", [plain, used(mean)], [centred]),
    node("Add", [used(variance), names.epsilon], [`${variance}/safe`]),
    node("Sqrt", [`${variance}/safe`], [deviation]),
    node("Div", [centred, deviation], [normal]),
    node("Mul", [normal, gain], [`${normal}/scaled`]),
    node("Add", [`${normal}/scaled`, offset], [output]),
  ];
}

/**
 * With g the gradient of y and n the normalised z: that of offset is the sum of g, that of gain the sum of g n, and that of
 * z is gain / deviation (g - mean of g - n mean of g n).
 */
function normalisationGradients(names: Names, { output }: LayerTensors): NodeProto[] {
  const { plain, normal, gain, offset, deviation, places } = names;
  const incoming = gradient(output);
  const [along, mean, meanAlong] = [`${normal}/along`, `${normal}/mean-slope`, `${normal}/mean-along`];
  const total = (average: string, of: string) => [
    node("Mul", [average, places], [`${average}/places`]),
    node("Div", [`${average}/places`, "inverse-batch"], [gradient(of)]),
  ];
  return [
    node("Mul", [incoming, normal], [along]),
    node("ReduceMean", [incoming], [mean], overBatch),
    node("ReduceMean", [along], [meanAlong], overBatch),
    ...total(mean, offset),
    ...total(meanAlong, gain),
    node("Mul", [normal, meanAlong], [`${normal}/pull`]),
    node("Sub", [incoming, mean], [`${normal}/level`]),
    node("Sub", [`${normal}/level`, `${normal}/pull`], [`${normal}/rest`]),
    node("Div", [gain, deviation], [`${normal}/stretch`]),
    node("Mul", [`${normal}/rest`, `${normal}/stretch`], [gradient(plain)]),
  ];
}

/** Each weight is multiplied with the gradient's map, moved by the weight's place: a convolution with the batch inside. */
function weightGradient(
  names: Names,
  { inputs: [input] }: LayerTensors,
  convolution: Convolution,
): NodeProto[] {
  const { channels, height, width, kernel, stride, depthwise } = convolution;
  const sides = convolvedSides(convolution);
  const border = (kernel - 1) / 2;
  const end = (size: number, convolved: number) => kernel + (convolved - 1) * stride - size - border;
  const window = {
    dilations: [stride, stride],
    pads: [border, border, end(height, sides.height), end(width, sides.width)],
  };
  const slope = gradient(names.weight);
  const [maps, slopes, found] = [`${slope}/maps`, `${slope}/slopes`, `${slope}/found`];
  const perm = [1, 0, 2, 3];
  const turned = [
    node("Transpose", [input], [maps], { perm }),
    node("Transpose", [gradient(names.plain)], [slopes], { perm }),
  ];
  if (!depthwise)
    return [
      ...turned,
      node("Conv", [maps, slopes], [found], window),
      node("Transpose", [found], [slope], { perm }),
    ];
  return [
    ...turned,
    node("Reshape", [maps, names.joined], [`${maps}/joined`]),
    node("Conv", [`${maps}/joined`, slopes], [found], { ...window, group: channels }),
    node("Reshape", [found, names.dims], [slope]),
  ];
}

/** gain (W x - mean) / deviation + offset = W' x + b' */
function fold(names: Names, values: LayerValues, perFilter: number) {
  const [weight, gain, offset, mean, variance] = (
    ["weight", "gain", "offset", "mean", "variance"] as const
  ).map((part) => values.get(names[part])!);
  const scales = gain.map((value, filter) => value / Math.sqrt(variance[filter] + epsilon));
  return {
    weights: weight.map((value, at) => value * scales[Math.floor(at / perFilter)]),
    biases: offset.map((value, filter) => value - mean[filter] * scales[filter]),
  };
}
