import type { EnsembleWeights } from "../../../shared/model/plan.ts";
import { type Fragment, node } from "../onnx/graph-builder.ts";
import { floatTensor } from "../onnx/tensors.ts";

/** What a stage hands on to all behind it, called `offramp/k/` and this: [1, K]. */
export const logProbabilities = "log-probabilities";

/**
 * A stage's own logits [1, K], called `name/own-logits`, to those of the ensemble of it and all before it, `name/logits`: the logarithms
 * of all probabilities by their weights, and a bias per class.
 * @param before names of the earlier stages' logarithms, in order
 */
export function ensembleFragment(
  name: string,
  temperature: number,
  before: readonly string[],
  { weights, biases }: EnsembleWeights,
): Fragment {
  const own = `${name}/${logProbabilities}`;
  const all = before.length === 0 ? own : `${name}/all-${logProbabilities}`;
  const [scale, exponents, factors] = ["inverse-temperature", "weights", "biases"].map(
    (what) => `${name}/ensemble/${what}`,
  );
  const joined = before.length === 0 ? [] : [node("Concat", [...before, own], [all], { axis: 0 })];
  return {
    nodes: [
      node("Mul", [`${name}/own-logits`, scale], [`${name}/own-scaled`]),
      node("LogSoftmax", [`${name}/own-scaled`], [own], { axis: 1 }),
      ...joined,
      node("Gemm", [exponents, all, factors], [`${name}/logits`]),
    ],
    initializers: [
      floatTensor(scale, [1 / temperature], []),
      floatTensor(exponents, weights, [1, weights.length]),
      floatTensor(factors, biases, [biases.length]),
    ],
  };
}
