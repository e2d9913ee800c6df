import type { NodeProto } from "../../../onnx/gen/onnx_pb.ts";
import { node } from "../../../onnx/graph-builder.ts";
import type { Makers, Recognise } from "./match.ts";

/** x * f(x), where an operator makes f(x). */
function gated(
  operator: string,
  layer: string,
  isGate: (gate: NodeProto) => boolean = () => true,
): Recognise {
  return (last, graph) => {
    if (last.opType !== "Mul" || last.input.length !== 2) return undefined;
    for (const [image, other] of [last.input, [...last.input].reverse()]) {
      const gate = graph.maker(other, operator);
      if (gate?.input[0] === image && isGate(gate))
        return { layer: standIn(layer, image, last), inner: [gate] };
    }
    return undefined;
  };
}

function standIn(operator: string, image: string, last: NodeProto): NodeProto {
  return { ...node(operator, [image], last.output), name: last.name };
}

/** @see Elfwing et al. 2018, arXiv 1702.03118 */
export const silu = gated("Sigmoid", "Silu");

/** @see Howard et al. 2019, arXiv 1905.02244 */
export const hardSwish = gated("HardSigmoid", "HardSwish", ({ attribute }) => {
  const slope = attribute.find(({ name }) => name === "alpha")?.f ?? 0.2;
  const offset = attribute.find(({ name }) => name === "beta")?.f ?? 0.5;
  return Math.abs(slope - 1 / 6) < 1e-6 && Math.abs(offset - 0.5) < 1e-6;
});

/**
 * x * (1 + erf(x / sqrt 2)) * 0.5, as exporters write it before operator set 20.
 * @see Hendrycks and Gimpel 2016, arXiv 1606.08415
 */
export const gelu: Recognise = (last, graph) => {
  const halved =
    last.opType === "Mul" ? graph.beside(last, (tensor) => graph.isNumber(tensor, 0.5)) : undefined;
  const product = halved && graph.maker(halved.computed, "Mul");
  if (!product) return undefined;
  for (const [image, other] of [product.input, [...product.input].reverse()]) {
    const inner = errorFunction(other, image, graph);
    if (inner) return { layer: standIn("Gelu", image, last), inner: [product, ...inner] };
  }
  return undefined;
};

/** 1 + erf(x / sqrt 2) */
function errorFunction(tensor: string, image: string, graph: Makers): NodeProto[] | undefined {
  const sum = graph.maker(tensor, "Add");
  const error = graph.maker(graph.beside(sum, (one) => graph.isNumber(one, 1))?.computed ?? "", "Erf");
  const scaled = error && graph.maker(error.input[0], "Div");
  const isScaled = scaled?.input[0] === image && graph.isNumber(scaled.input[1], Math.SQRT2);
  return sum && error && isScaled ? [sum, error, scaled] : undefined;
}
