import { type Random, randomNormal } from "../../../shared/base/random.ts";
import type { NodeProto, TensorProto } from "../onnx/gen/onnx_pb.ts";
import { type Fragment, node } from "../onnx/graph-builder.ts";
import { elementCount, floatTensor } from "../onnx/tensors.ts";

/** A trainable tensor and how it starts. */
export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
  initial(random: Random): Float32Array;
}

/** The tensors around a layer in a training graph. */
export interface LayerTensors {
  readonly inputs: readonly string[];
  readonly output: string;
}

/** Values of parameters and statistics by name. */
export type LayerValues = ReadonlyMap<string, Float32Array>;

/** y = (x - mean) * scale makes features of mean 0 and variance 1; both [width]. */
export interface Standardisation {
  readonly mean: Float32Array;
  readonly scale: Float32Array;
}

/** Whether a batch learns, and is normalised by its own statistics, or is judged by those that training kept. */
export type Pass = "training" | "evaluation";

/**
 * A layer as the ONNX nodes of its forward pass and of its gradients (reverse-mode differentiation).
 * The gradient of tensor t is called `gradient(t)`.
 */
export interface Layer {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** What training keeps of the batches that it has seen; the forward pass of training makes `ofBatch(s)` of each. */
  readonly statistics?: readonly Parameter[];
  readonly constants: readonly TensorProto[];
  /** Multiplications for one image; none if absent. */
  readonly macs?: number;
  forward(tensors: LayerTensors, pass: Pass): NodeProto[];
  /** @param needsInput whether the layer before has parameters, so that the gradient of the first input is wanted */
  backward(tensors: LayerTensors, needsInput: boolean): NodeProto[];
  /** The form in which it leaves training, if that isn't how it is evaluated. */
  deployed?(tensors: LayerTensors, values: LayerValues): Fragment;
  /** Values that do the same on plain features as the given ones do on standardised ones. */
  absorb?(standardisation: Standardisation, values: LayerValues): LayerValues;
}

export function parametersOf(layers: readonly Layer[]): Parameter[] {
  return layers.flatMap((layer) => layer.parameters);
}

export function statisticsOf(layers: readonly Layer[]): Parameter[] {
  return layers.flatMap((layer) => layer.statistics ?? []);
}

export function parameterCount(layers: readonly Layer[]): number {
  return parametersOf(layers).reduce((sum, { dims }) => sum + elementCount(dims), 0);
}

export function macsOf(layers: readonly Layer[]): number {
  return layers.reduce((sum, { macs = 0 }) => sum + macs, 0);
}

/** A layer with its trained values as constants. */
export function deployedLayer(layer: Layer, tensors: LayerTensors, values: LayerValues): Fragment {
  if (layer.deployed) return layer.deployed(tensors, values);
  const nodes = layer.forward(tensors, "evaluation");
  const read = new Set(nodes.flatMap(({ input }) => input));
  const weights = layer.parameters.map(({ name, dims }) => floatTensor(name, values.get(name)!, dims));
  // Some constants serve the backward pass only; ONNX Runtime warns of what nothing reads.
  return { nodes, initializers: [...weights, ...layer.constants.filter(({ name }) => read.has(name))] };
}

/** Names the tensors along a stack of layers, from its inputs to its output. */
export function wireLayers(
  layers: readonly Layer[],
  inputs: readonly string[],
  output: string,
): LayerTensors[] {
  return layers.map((layer, index) => ({
    inputs: index === 0 ? inputs : [`${layers[index - 1].name}/output`],
    output: index === layers.length - 1 ? output : `${layer.name}/output`,
  }));
}

export function gradient(tensor: string): string {
  return `${tensor}/gradient`;
}

/** The tensor that a training step makes of a parameter, moment or statistic. */
export function next(tensor: string): string {
  return `${tensor}/next`;
}

/** What a statistic is in this batch. */
export function ofBatch(statistic: string): string {
  return `${statistic}/batch`;
}

/** Random weights that keep the variance of what passes a ReLU. @see He et al. 2015, arXiv 1502.01852 */
export function heWeights(name: string, dims: readonly number[], inputs: number): Parameter {
  const deviation = Math.sqrt(2 / inputs);
  return {
    name,
    dims,
    initial: (random) =>
      Float32Array.from({ length: elementCount(dims) }, () => deviation * randomNormal(random)),
  };
}

/** The same value everywhere. */
export function uniform(name: string, dims: readonly number[], value: number): Parameter {
  return { name, dims, initial: () => new Float32Array(elementCount(dims)).fill(value) };
}

/** y = x W + b with W [from, to] and b [to]. */
export function linearLayer(name: string, from: number, to: number): Layer {
  const weight = `${name}/weight`;
  const bias = `${name}/bias`;
  return {
    name,
    parameters: [heWeights(weight, [from, to], from), uniform(bias, [to], 0)],
    constants: [],
    macs: from * to,
    forward: ({ inputs, output }) => [node("Gemm", [inputs[0], weight, bias], [output])],
    backward: ({ inputs, output }, needsInput) => [
      node("Gemm", [inputs[0], gradient(output)], [gradient(weight)], { transA: 1 }),
      node("ReduceSum", [gradient(output), "axis-0"], [gradient(bias)], { keepdims: 0 }),
      ...(needsInput ? [node("Gemm", [gradient(output), weight], [gradient(inputs[0])], { transB: 1 })] : []),
    ],
    // ((x - mean) * scale) W + b = x W' + b' with W' = scale W (by rows) and b' = b - mean W'.
    absorb: ({ mean, scale }, values) => {
      const weights = values.get(weight)!.map((value, at) => value * scale[Math.floor(at / to)]);
      const biases = Float64Array.from(values.get(bias)!);
      for (const [at, value] of weights.entries()) biases[at % to] -= mean[Math.floor(at / to)] * value;
      return new Map(values).set(weight, weights).set(bias, Float32Array.from(biases));
    },
  };
}

export function reluLayer(name: string): Layer {
  const zero = `${name}/zero`;
  return {
    name,
    parameters: [],
    constants: [floatTensor(zero, [0], [])],
    forward: ({ inputs, output }) => [node("Relu", inputs, [output])],
    backward: ({ inputs, output }, needsInput) =>
      needsInput
        ? [
            node("Greater", [output, zero], [`${name}/open`]),
            node("Cast", [`${name}/open`], [`${name}/mask`], { to: 1 }),
            node("Mul", [gradient(output), `${name}/mask`], [gradient(inputs[0])]),
          ]
        : [],
  };
}

/** y = a x0 + (1 - a) x1, computed as x1 + a (x0 - x1), with one learnt weight a that starts at one half. */
export function mixLayer(name: string): Layer {
  const share = `${name}/share`;
  const difference = `${name}/difference`;
  return {
    name,
    parameters: [uniform(share, [1], 0.5)],
    constants: [],
    forward: ({ inputs: [first, second], output }) => [
      node("Sub", [first, second], [difference]),
      node("Mul", [difference, share], [`${name}/part`]),
      node("Add", [second, `${name}/part`], [output]),
    ],
    backward: ({ output }) => [
      node("Mul", [gradient(output), difference], [`${name}/product`]),
      node("ReduceSum", [`${name}/product`, "axes-01"], [`${name}/sum`], { keepdims: 0 }),
      node("Reshape", [`${name}/sum`, "shape-1"], [gradient(share)]),
    ],
  };
}

/** Makes one learning rate fit every depth. Not trained, and gone from the deployed head: the next layer absorbs it. */
export function standardiseLayer(name: string, { mean, scale }: Standardisation): Layer {
  return {
    name,
    parameters: [],
    constants: [floatTensor(`${name}/mean`, mean), floatTensor(`${name}/scale`, scale)],
    forward: ({ inputs, output }) => [
      node("Sub", [inputs[0], `${name}/mean`], [`${name}/centred`]),
      node("Mul", [`${name}/centred`, `${name}/scale`], [output]),
    ],
    backward: ({ inputs, output }, needsInput) =>
      needsInput ? [node("Mul", [gradient(output), `${name}/scale`], [gradient(inputs[0])])] : [],
  };
}
