import type { EnsembleWeights } from "../../../shared/model/plan.ts";
import { joinFragments } from "../onnx/compose.ts";
import { type Fragment, node } from "../onnx/graph-builder.ts";
import { floatTensor, intTensor } from "../onnx/tensors.ts";
import { type Decision, decisionFragment } from "./decision.ts";

/** What stage k and all before it say, the logarithms of their probabilities: float32 [N, k + 1, K]. The next stage goes by it. */
export function logProbabilitiesName(stage: number): string {
  return `offramp/${stage}/log-probabilities`;
}

/** How a stage answers for all before it. */
export interface Together {
  readonly weights: EnsembleWeights;
  /** Name of the stage before's logarithms, see `logProbabilitiesName`; absent at the first. */
  readonly before?: string;
}

/**
 * A stage's logits [N, K], `offramp/k/logits`, and its confidence [N], `offramp/k/confidence`: its own, or those of the ensemble of it
 * and all before it.
 * @param own makes its own logits, under the name that it is given
 */
export function decidingFragment(
  stage: number,
  own: (logits: string) => Fragment,
  decision: Decision,
  together: Together | undefined,
  { classes, opset }: { readonly classes: number; readonly opset: number },
): Fragment {
  const name = `offramp/${stage}`;
  if (!together)
    return joinFragments([own(`${name}/logits`), decisionFragment(name, decision, classes, opset)]);
  return joinFragments([
    own(`${name}/own-logits`),
    ensembleFragment(stage, decision.temperature, together),
    decisionFragment(name, { ...decision, temperature: 1 }, classes, opset),
  ]);
}

/** From `own-logits` to `logits`: the logarithms of all probabilities by their weights, and a bias per class. */
function ensembleFragment(
  stage: number,
  temperature: number,
  { before, weights: { weights, biases } }: Together,
): Fragment {
  const name = `offramp/${stage}`;
  const all = logProbabilitiesName(stage);
  const own = before === undefined ? all : `${name}/own-log-probabilities`;
  const [scale, exponents, factors, oneRow, rows] = [
    "inverse-temperature",
    "weights",
    "biases",
    "one-row",
    "rows",
  ].map((what) => `${name}/ensemble/${what}`);
  return {
    nodes: [
      node("Mul", [`${name}/own-logits`, scale], [`${name}/own-scaled`]),
      node("LogSoftmax", [`${name}/own-scaled`], [`${name}/own-logarithms`], { axis: 1 }),
      node("Reshape", [`${name}/own-logarithms`, oneRow], [own]),
      ...(before === undefined ? [] : [node("Concat", [before, own], [all], { axis: 1 })]),
      node("MatMul", [exponents, all], [`${name}/weighted`]),
      node("Reshape", [`${name}/weighted`, rows], [`${name}/unbiased`]),
      node("Add", [`${name}/unbiased`, factors], [`${name}/logits`]),
    ],
    initializers: [
      floatTensor(scale, [1 / temperature], []),
      floatTensor(exponents, weights, [1, weights.length]),
      floatTensor(factors, biases, [biases.length]),
      intTensor(oneRow, [-1, 1, biases.length]),
      intTensor(rows, [-1, biases.length]),
    ],
  };
}
