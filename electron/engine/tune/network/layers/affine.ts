import type { NodeProto } from "../../../onnx/gen/onnx_pb.ts";
import { node } from "../../../onnx/graph-builder.ts";
import type { Makers, Recognise } from "./match.ts";

/** A product with stored weights, and the biases that are added behind it. */
export const linear: Recognise = (last, graph) => {
  const sum = last.opType === "Add" ? graph.beside(last, (tensor) => isRow(tensor, graph)) : undefined;
  const product = sum && graph.maker(sum.computed, "MatMul");
  const weights = product && graph.stored(product.input[1])?.dims;
  if (!sum || !product || weights?.length !== 2 || weights[1] !== graph.stored(sum.constant)!.dims[0])
    return undefined;
  const layer = { ...node("MatMul", [...product.input, sum.constant], last.output), name: product.name };
  return { layer, inner: [product] };
};

function isRow(tensor: string, graph: Makers): boolean {
  return graph.stored(tensor)?.dims.length === 1;
}

/**
 * (x - mean) / sqrt(variance + epsilon) * scale + bias over the last axis, as exporters write it before operator set 17.
 * @see Ba, Kiros and Hinton 2016, arXiv 1607.06450
 */
export const layerNorm: Recognise = (last, graph) => {
  const sum = last.opType === "Add" ? graph.beside(last, (tensor) => isRow(tensor, graph)) : undefined;
  const product = sum && graph.maker(sum.computed, "Mul");
  const scaled = graph.beside(product, (tensor) => isRow(tensor, graph));
  const quotient = scaled && graph.maker(scaled.computed, "Div");
  const normalised = quotient && normalisation(quotient, graph);
  if (!sum || !scaled || !product || !normalised) return undefined;
  if (graph.stored(scaled.constant)!.dims[0] !== graph.stored(sum.constant)!.dims[0]) return undefined;
  const inputs = [normalised.image, scaled.constant, sum.constant];
  const settings = { axis: -1, epsilon: { float: normalised.epsilon } };
  const layer = { ...node("LayerNormalization", inputs, last.output, settings), name: product.name };
  return { layer, inner: [product, ...normalised.inner] };
};

interface Normalisation {
  readonly image: string;
  readonly epsilon: number;
  readonly inner: readonly NodeProto[];
}

function normalisation(quotient: NodeProto, graph: Makers): Normalisation | undefined {
  const [above, below] = quotient.input;
  const centred = graph.maker(above, "Sub");
  const root = graph.maker(below, "Sqrt");
  const sum = root && graph.maker(root.input[0], "Add");
  const stable = graph.beside(sum, (tensor) => graph.number(tensor) !== undefined);
  const variance = stable && lastMean(stable.computed, graph);
  const square = variance && graph.maker(variance.input[0], "Pow");
  const mean = centred && lastMean(centred.input[1], graph);
  if (!centred || !root || !sum || !stable || !variance || !square || !mean) return undefined;
  const isSquare = square.input[0] === above && graph.isNumber(square.input[1], 2);
  if (!isSquare || mean.input[0] !== centred.input[0]) return undefined;
  const inner = [quotient, centred, root, sum, variance, square, mean];
  return { image: centred.input[0], epsilon: graph.number(stable.constant)!, inner };
}

/** A mean over the last axis, which stays as one of size 1. */
function lastMean(tensor: string, graph: Makers): NodeProto | undefined {
  const mean = graph.maker(tensor, "ReduceMean");
  const axes = mean?.attribute.find(({ name }) => name === "axes")?.ints.map(Number);
  const keeps = mean?.attribute.every(({ name, i }) => name !== "keepdims" || Number(i) === 1);
  return keeps && String(axes) === "-1" ? mean : undefined;
}
