import type { CutPoint } from "../../../../../shared/model/backbone.ts";
import type { GraphProto, NodeProto } from "../../gen/onnx_pb.ts";
import { node } from "../../graph-builder.ts";
import { type GraphIndex, indexGraph, tensorsRead } from "../../graph-index.ts";
import { nestedNodes } from "../../model-tensors.ts";
import type { ObservedTensor } from "../../probe/model-probe-protocol.ts";

/** Where an operator of the QOperator format says what the integers that it makes stand for: scale, then zero point. */
const scaleAt: Readonly<Record<string, number>> = {
  QuantizeLinear: 1,
  QLinearConcat: 0,
  QLinearConv: 6,
  QLinearMatMul: 6,
  QLinearAdd: 6,
  QLinearMul: 6,
  QLinearSigmoid: 3,
  QLinearLeakyRelu: 3,
  QLinearSoftmax: 3,
  QLinearAveragePool: 3,
  QLinearGlobalAveragePool: 3,
  QGemm: 7,
};

/** Operators that move integers about and keep what they stand for. */
const moving: readonly string[] = [
  "MaxPool",
  "Reshape",
  "Transpose",
  "Flatten",
  "Squeeze",
  "Unsqueeze",
  "Identity",
  "Slice",
];

/**
 * A network in the QOperator format has no floats between its image and its scores, so no tensor that a head could
 * read. Gives each of its feature maps a DequantizeLinear beside the way, as QDQ networks have them on it; nothing reads
 * it unless an exit does.
 * @returns what was added, with shapes at batch 1
 */
export function dequantiseMaps(
  graph: GraphProto,
  tensors: ReadonlyMap<string, ObservedTensor>,
): Map<string, ObservedTensor> {
  const index = indexGraph(graph);
  const added = new Map<string, ObservedTensor>();
  const nodes: NodeProto[] = [];
  const scales = quantisations(index);
  for (const [number, { output }] of index.nodes.entries()) {
    const [name] = output;
    const { type, dims } = tensors.get(name) ?? { type: "", dims: [] };
    if (!/^u?int8$/.test(type) || dims.length < 3 || isDequantised(index, name)) continue;
    const scale = scales[number];
    if (!scale) continue;
    const float = `${name}/dequantised`;
    nodes.push(node("DequantizeLinear", [name, ...scale], [float]));
    added.set(float, { type: "float32", dims });
  }
  graph.node.push(...nodes);
  return added;
}

/** The maps that `dequantiseMaps` has given a prepared graph: they are read by exits alone, so no run shows them. */
export function dequantisedMaps(
  graph: GraphProto,
  tensors: ReadonlyMap<string, ObservedTensor>,
): Map<string, ObservedTensor> {
  const makers = graph.node.filter(
    ({ opType, output }) => opType === "DequantizeLinear" && !tensors.has(output[0]),
  );
  return new Map(
    makers.flatMap(({ input: [map], output: [float] }) => {
      const source = tensors.get(map);
      return source ? [[float, { type: "float32", dims: source.dims }] as const] : [];
    }),
  );
}

/** Operators that choose their scale by the largest value of the whole tensor, all images of a batch together. */
const scalingByBatch = /^DynamicQuantize/;

/** Whether what an image is rounded to depends on the images beside it, as where integers are scaled at run time. */
export function roundsByBatch(graph: GraphProto): boolean {
  for (const { opType } of nestedNodes(graph.node)) if (scalingByBatch.test(opType)) return true;
  return false;
}

/** Takes those away that no exit can read. */
export function dropUnread(graph: GraphProto, cutPoints: readonly CutPoint[]): void {
  const read = new Set([...graph.node.flatMap(tensorsRead), ...graph.output.map(({ name }) => name)]);
  for (const { tensor } of cutPoints) read.add(tensor);
  graph.node = graph.node.filter(({ output }) => output.some((name) => read.has(name)));
}

function isDequantised(index: GraphIndex, name: string): boolean {
  return (index.consumers.get(name) ?? []).some(
    (number) => index.nodes[number].opType === "DequantizeLinear",
  );
}

/** Names of scale and zero point of what each node makes, where that is known. */
function quantisations({ nodes, producer, initializers }: GraphIndex): (readonly string[] | undefined)[] {
  const scales: (readonly string[] | undefined)[] = [];
  for (const { opType, input } of nodes) {
    // What moves integers stands behind what made them.
    if (moving.includes(opType)) scales.push(scales[producer.get(input[0]) ?? -1]);
    else {
      const at = scaleAt[opType];
      const found = at === undefined ? [] : input.slice(at, at + 2).filter((constant) => constant !== "");
      const isKnown = found.length > 0 && found.every((constant) => initializers.has(constant));
      scales.push(isKnown ? found : undefined);
    }
  }
  return scales;
}
