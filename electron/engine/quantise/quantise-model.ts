import { clone } from "@bufbuild/protobuf";
import { AppError } from "../../../shared/base/errors.ts";
import { type Backbone, defaultOpset } from "../onnx/backbone.ts";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
} from "../onnx/gen/onnx_pb.ts";
import { type Fragment, graph as makeGraph, model, node } from "../onnx/graph-builder.ts";
import { type GraphIndex, indexGraph } from "../onnx/graph-index.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { pruneGraph } from "../onnx/prune-graph.ts";
import { floatTensor, numbersTensor, tensorNumbers } from "../onnx/tensors.ts";
import { constantTensor } from "./constant-tensor.ts";
import { foldBatchNorms } from "./fold-batch-norms.ts";
import { planQuantisation, type QuantisationPlan, type QuantisedWeights } from "./quantisation-plan.ts";
import {
  activationQuantisation,
  type Quantisation,
  quantiseLayer,
  type ValueRange,
} from "./quantise-numbers.ts";

/** The first operator set in which weights have a scale per channel. */
const leastOpset = 13;

/** What a tensor that becomes bytes is called once it is real numbers again. */
export function realTensor(tensor: string): string {
  return `${tensor}/real`;
}

/** A backbone's graph, ready for quantisation, and what of it becomes integers. */
export interface Quantisable {
  readonly proto: GraphModel;
  readonly plan: QuantisationPlan;
}

/**
 * Folds batch norms and chooses what becomes integers. The backbone stays as it is.
 * @throws AppError 'model-unsupported' if it is no float32 network, its operator set is too old, or nothing can become
 *   integers
 */
export function quantisable({ proto, summary }: Backbone): Quantisable {
  const unsupported = (why: string) =>
    new AppError("model-unsupported", `${summary.name} can't be quantised: ${why}`);
  const version = defaultOpset(proto);
  if (version < leastOpset)
    throw unsupported(
      `its operator set is ${version}, and scales per channel need ${leastOpset}; export it with operator set ${leastOpset} or newer`,
    );
  if (proto.graph.node.some(({ opType }) => /Quantize|Integer|QLinear/.test(opType)))
    throw unsupported("it computes with integers already; give the float32 network that it was made from");
  const graph = clone(GraphProtoSchema, proto.graph);
  foldBatchNorms(graph);
  const plan = planQuantisation(graph);
  if (plan.layers.length === 0)
    throw unsupported("it has no convolution or matrix product with constant float32 weights");
  return { proto: Object.assign(clone(ModelProtoSchema, proto), { graph }), plan };
}

/**
 * The same network with integers, as pairs of QuantizeLinear and DequantizeLinear about what computes with them; the
 * runtime fuses these.
 * @param ranges of every tensor among the plan's activations
 */
export function quantisedModel(
  { proto, plan }: Quantisable,
  ranges: ReadonlyMap<string, ValueRange>,
): GraphModel {
  const index = indexGraph(proto.graph);
  const quantisation = (tensor: string): Quantisation =>
    activationQuantisation(ranges.get(plan.sameAs.get(tensor) ?? tensor)!);
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [...proto.graph.initializer];
  const layers = new Map(plan.layers.map((layer) => [layer.node, layer]));
  const addPair = (tensor: string) => {
    const { scale, zeroPoint } = quantisation(tensor);
    const names = [`${tensor}/scale`, `${tensor}/zero-point`];
    initializers.push(
      floatTensor(names[0], [scale], []),
      numbersTensor(names[1], "uint8", Uint8Array.of(zeroPoint), []),
    );
    nodes.push(
      node("QuantizeLinear", [tensor, ...names], [`${tensor}/bytes`]),
      node("DequantizeLinear", [`${tensor}/bytes`, ...names], [realTensor(tensor)]),
    );
  };
  for (const { name } of proto.graph.input) if (plan.activations.has(name)) addPair(name);
  for (const original of proto.graph.node) {
    const copy = clone(NodeProtoSchema, original);
    const layer = layers.get(original);
    if (layer) {
      const weights = weightNodes(layer, index, quantisation(original.input[0]).scale);
      initializers.push(...weights.initializers);
      nodes.push(...weights.nodes);
      copy.input = [copy.input[0], ...weights.names];
    }
    copy.input = copy.input.map((name) => (plan.activations.has(name) ? realTensor(name) : name));
    nodes.push(copy);
    for (const name of original.output) if (plan.activations.has(name)) addPair(name);
  }
  const { name, input, output } = proto.graph;
  const graph = makeGraph(name, { nodes, initializers }, input, output);
  // What only the weights in floats were for goes.
  pruneGraph(graph, output);
  return model(graph, proto, Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value])));
}

/** A layer's constants as integers, and what makes them real again for its node. */
function weightNodes(
  { node: layer, channels, stride, axis }: QuantisedWeights,
  index: GraphIndex,
  inputScale: number,
) {
  const stored = constantTensor(index, layer.input[1])!;
  const bias = layer.input[2] ? tensorNumbers(constantTensor(index, layer.input[2])!) : undefined;
  const made = quantiseLayer(tensorNumbers(stored), { channels, stride }, bias, inputScale);
  const weights = `${layer.output[0]}/weights`;
  const fragment = dequantised(weights, "int8", made.weights, stored.dims.map(Number), made.scales, axis);
  if (!made.bias) return { ...fragment, names: [`${weights}/real`] };
  const own = `${layer.output[0]}/bias`;
  const added = dequantised(own, "int32", made.bias.values, [channels], made.bias.scales, 0);
  return {
    nodes: [...fragment.nodes, ...added.nodes],
    initializers: [...fragment.initializers, ...added.initializers],
    names: [`${weights}/real`, `${own}/real`],
  };
}

/** A constant with a scale per channel; its zero is 0. */
function dequantised(
  name: string,
  type: "int8" | "int32",
  values: Int8Array | Int32Array,
  dims: readonly number[],
  scales: Float32Array,
  axis: number,
): Fragment {
  const zeros = type === "int8" ? new Int8Array(scales.length) : new Int32Array(scales.length);
  return {
    nodes: [
      node("DequantizeLinear", [`${name}/whole`, `${name}/scales`, `${name}/zeros`], [`${name}/real`], {
        axis,
      }),
    ],
    initializers: [
      numbersTensor(`${name}/whole`, type, values, dims),
      floatTensor(`${name}/scales`, scales),
      numbersTensor(`${name}/zeros`, type, zeros, [scales.length]),
    ],
  };
}
