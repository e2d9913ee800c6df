import { type Random, randomNormal } from "../../../shared/base/random.ts";
import type { NodeProto, TensorProto } from "../onnx/gen/onnx_pb.ts";
import { node } from "../onnx/graph-builder.ts";
import { floatTensor } from "../onnx/tensors.ts";

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

/**
 * A layer as the ONNX nodes of its forward pass and of its gradients (reverse-mode differentiation).
 * The gradient of tensor t is called `gradient(t)`.
 */
export interface Layer {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly constants: readonly TensorProto[];
  forward(tensors: LayerTensors): NodeProto[];
  /** @param needsInput whether the layer before has parameters, so that the gradient of the first input is wanted */
  backward(tensors: LayerTensors, needsInput: boolean): NodeProto[];
}

export function parametersOf(layers: readonly Layer[]): Parameter[] {
  return layers.flatMap((layer) => layer.parameters);
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

/** y = x W + b with W [from, to] (He et al. 2015 initialisation) and b [to]. */
export function linearLayer(name: string, from: number, to: number): Layer {
  const weight = `${name}/weight`;
  const bias = `${name}/bias`;
  return {
    name,
    parameters: [
      {
        name: weight,
        dims: [from, to],
        initial: (random) => {
          const deviation = Math.sqrt(2 / from);
          return Float32Array.from({ length: from * to }, () => deviation * randomNormal(random));
        },
      },
      { name: bias, dims: [to], initial: () => new Float32Array(to) },
    ],
    constants: [],
    forward: ({ inputs, output }) => [node("Gemm", [inputs[0], weight, bias], [output])],
    backward: ({ inputs, output }, needsInput) => [
      node("Gemm", [inputs[0], gradient(output)], [gradient(weight)], { transA: 1 }),
      node("ReduceSum", [gradient(output), "axis-0"], [gradient(bias)], { keepdims: 0 }),
      ...(needsInput ? [node("Gemm", [gradient(output), weight], [gradient(inputs[0])], { transB: 1 })] : []),
    ],
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
    parameters: [{ name: share, dims: [1], initial: () => Float32Array.of(0.5) }],
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

/**
 * y = (x - mean) * scale with fixed statistics [width]: it makes one learning rate fit every depth.
 * Not trained, and gone from the deployed head: `foldStandardisation` moves it into the next linear layer.
 */
export function standardiseLayer(name: string, mean: Float32Array, scale: Float32Array): Layer {
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
