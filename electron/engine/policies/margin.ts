import { node } from "../onnx/graph-builder.ts";
import { floatTensor, intTensor } from "../onnx/tensors.ts";
import type { ExitPolicy } from "./exit-policy.ts";

/** The largest softmax probability minus the second largest ("best versus second best", Joshi et al. 2009). */
export const margin: ExitPolicy = {
  id: "margin",
  title: "Top-1 minus top-2 margin",
  confidence: (probabilities) => {
    let first = 0;
    let second = 0;
    for (const p of probabilities) {
      if (p > first) [first, second] = [p, first];
      else if (p > second) second = p;
    }
    return first - second;
  },
  nodes: ({ probabilities, confidence, opset }) => {
    const largest = [`${confidence}/largest`, `${confidence}/which`];
    const topTwo =
      opset < 10
        ? node("TopK", [probabilities], largest, { axis: 1, k: 2 })
        : node("TopK", [probabilities, `${confidence}/two`], largest, { axis: 1 });
    return {
      nodes: [
        topTwo,
        node("MatMul", [`${confidence}/largest`, `${confidence}/difference`], [`${confidence}/column`]),
        node("Reshape", [`${confidence}/column`, `${confidence}/flat`], [confidence]),
      ],
      initializers: [
        ...(opset < 10 ? [] : [intTensor(`${confidence}/two`, [2])]),
        floatTensor(`${confidence}/difference`, [1, -1], [2, 1]),
        intTensor(`${confidence}/flat`, [-1]),
      ],
    };
  },
};
