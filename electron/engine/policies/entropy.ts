import { joinFragments } from "../onnx/compose.ts";
import { clampNodes, node, reduceNodes } from "../onnx/graph-builder.ts";
import { floatTensor } from "../onnx/tensors.ts";
import type { ExitPolicy } from "./exit-policy.ts";

/** Keeps the logarithm of a vanishing probability finite; its product with the probability stays 0. */
const tiny = 1e-30;

/**
 * One minus the entropy of the softmax in units of its maximum, log(classes): 1 is certain, 0 is uniform.
 * @see Teerapittayanon, McDanel, Kung 2016, "BranchyNet", arXiv 1709.01686
 */
export const entropy: ExitPolicy = {
  id: "entropy",
  title: "Entropy",
  confidence: (probabilities) => {
    const sum = probabilities.reduce((total, p) => total + p * Math.log(Math.max(p, tiny)), 0);
    return 1 + sum / Math.log(probabilities.length);
  },
  nodes: ({ probabilities, confidence, classes, opset }) =>
    joinFragments([
      clampNodes(probabilities, `${confidence}/positive`, [tiny, 1], opset),
      {
        nodes: [
          node("Log", [`${confidence}/positive`], [`${confidence}/log`]),
          node("Mul", [probabilities, `${confidence}/log`], [`${confidence}/products`]),
        ],
        initializers: [
          floatTensor(`${confidence}/scale`, [classes / Math.log(classes)], []),
          floatTensor(`${confidence}/one`, [1], []),
        ],
      },
      reduceNodes("ReduceMean", `${confidence}/products`, `${confidence}/mean`, opset),
      {
        nodes: [
          node("Mul", [`${confidence}/mean`, `${confidence}/scale`], [`${confidence}/scaled`]),
          node("Add", [`${confidence}/scaled`, `${confidence}/one`], [confidence]),
        ],
        initializers: [],
      },
    ]),
};
