import type { BackboneOutput } from "../../../../../shared/model/backbone.ts";
import type { NodeProto } from "../../gen/onnx_pb.ts";
import type { GraphIndex } from "../../graph-index.ts";
import type { ObservedTensor, ProbeResult } from "../../probe/model-probe-protocol.ts";
import { elementCount } from "../../tensors.ts";
import type { NodeCost, TensorTable } from "./costs.ts";

/**
 * How many scores of one image a tensor holds: float, all axes but one 1, and the batch first unless there is only
 * one axis.
 * @returns undefined if it holds something else
 */
export function scoresIn(tensor: ObservedTensor | undefined): number | undefined {
  if (!tensor || !/^float(16|32|64)$/.test(tensor.type)) return undefined;
  const { dims } = tensor;
  const long = dims.filter((dim) => dim !== 1);
  const isRow = long.length <= 1 && (dims.length < 2 || dims[0] === 1);
  return isRow && elementCount(dims) > 0 ? elementCount(dims) : undefined;
}

/**
 * Finds out whether an output holds logits or probabilities: by the operator that makes it, or else by its
 * values on two images.
 * @param name of an output that holds scores
 * @param opset version of ONNX's operator set; Softmax changed its meaning in 13
 */
export function describeScores(
  index: GraphIndex,
  { tensors, outputs }: Pick<ProbeResult, "tensors" | "outputs">,
  name: string,
  opset: number,
): BackboneOutput {
  const { type, dims } = tensors.get(name)!;
  const count = elementCount(dims);
  const found = {
    name,
    classes: Math.max(2, count),
    type: type as BackboneOutput["type"],
    shape: [...dims],
  };
  const logitsTensor = logitsBehind(index, tensors, name, count, opset);
  if (logitsTensor !== undefined) return { ...found, kind: "probabilities", logitsTensor };
  const values = outputs.get(name) ?? [];
  const areProbabilities = count > 1 ? sumToOne(values, type) : isOneProbability(index, name, values);
  if (areProbabilities) return { ...found, kind: "probabilities" };
  return { ...found, kind: "logits", logitsTensor: name };
}

/** Operators whose result may be any number. */
const linear: readonly string[] = [
  "Gemm",
  "MatMul",
  "Add",
  "Sub",
  "Mul",
  "Conv",
  "GlobalAveragePool",
  "ReduceMean",
];

/** Whether a single score lies between 0 and 1 on every image, and not by chance. */
function isOneProbability(index: GraphIndex, name: string, values: readonly (readonly number[])[]): boolean {
  if (linear.includes(scoreMaker(index, name)?.opType ?? "")) return false;
  return values.length > 0 && values.flat().every((value) => value >= 0 && value <= 1);
}

/** Operators that pass class scores through, unchanged in order and value. */
const passing: readonly string[] = [
  "Identity",
  "Dropout",
  "Cast",
  "Reshape",
  "Flatten",
  "Squeeze",
  "Unsqueeze",
  "QuantizeLinear",
  "DequantizeLinear",
];

/**
 * What the last Softmax over the classes reads; a Sigmoid too keeps the order of its logits.
 * @param tensors at least types and shapes of what nodes make
 * @param count scores of one image
 * @returns undefined if `output` is no such probabilities
 */
export function logitsBehind(
  index: GraphIndex,
  tensors: TensorTable,
  output: string,
  count: number,
  opset: number,
): string | undefined {
  const node = scoreMaker(index, output);
  if (node?.opType === "Sigmoid") return node.input[0];
  return node?.opType === "Softmax" && isOverAll(node, tensors, count, opset) ? node.input[0] : undefined;
}

/** Whether a row of scores ends in a Softmax, or its logarithm: just one of its classes is right. */
export function isSingleLabel(
  index: GraphIndex,
  tensors: TensorTable,
  output: string,
  count: number,
  opset: number,
): boolean {
  const node = scoreMaker(index, output);
  return /^(Log)?Softmax$/.test(node?.opType ?? "") && isOverAll(node!, tensors, count, opset);
}

/** More operators than this in a row pass nothing through for anybody's use. */
const longestPass = 100;

/** The operator that makes scores, before those that only pass them through. */
function scoreMaker(index: GraphIndex, output: string): NodeProto | undefined {
  let node: NodeProto | undefined = index.nodes[index.producer.get(output) ?? -1];
  for (let passed = 0; node && passing.includes(node.opType) && passed < longestPass; passed++)
    node = index.nodes[index.producer.get(node.input[0]) ?? -1];
  return node;
}

/** Whether a Softmax sums over all scores of an image, and over more than one. */
function isOverAll(node: NodeProto, tensors: TensorTable, count: number, opset: number): boolean {
  const dims = tensors.get(node.input[0])?.dims ?? [];
  const declared = node.attribute.find(({ name }) => name === "axis")?.i;
  const axis = Number(declared ?? (opset < 13 ? 1 : -1));
  const summed = opset < 13 ? dims.slice(axis) : [dims.at(axis) ?? 0];
  return count > 1 && elementCount(summed) === count;
}

/** Whether rows are non-negative and sum to 1, as closely as their type can say it. */
function sumToOne(rows: readonly (readonly number[])[], type: string): boolean {
  const tolerance = type === "float16" ? 1e-2 : 1e-4;
  return (
    rows.length > 0 &&
    rows.every(
      (row) =>
        row.every((value) => value >= 0) &&
        Math.abs(row.reduce((sum, value) => sum + value, 0) - 1) < tolerance,
    )
  );
}

/** Operators that read an answer from scores, their first input. */
const readers: readonly string[] = [
  "ArgMax",
  "TopK",
  "ReduceMax",
  "Greater",
  "GreaterOrEqual",
  "Less",
  "LessOrEqual",
  "Round",
];

/** The scores that an operator reads an answer from. */
function scoresRead(node: NodeProto | undefined, tensors: TensorTable): string | undefined {
  return node && readers.includes(node.opType) && scoresIn(tensors.get(node.input[0])) !== undefined
    ? node.input[0]
    : undefined;
}

/** Whether a row only says how certain the answer is: the largest of more scores, or the first few. */
export function isReadOff(index: GraphIndex, tensors: TensorTable, output: string): boolean {
  return scoresRead(scoreMaker(index, output), tensors) !== undefined;
}

/** The scores that answers (labels, lists of the best) are read from, with no weights in between. */
export function scoresBehindAnswers(
  index: GraphIndex,
  tensors: TensorTable,
  costs: readonly NodeCost[],
  answers: readonly string[],
): string[] {
  const found = new Set<string>();
  const pending = answers.toReversed();
  const seen = new Set(pending);
  while (pending.length > 0) {
    const number = index.producer.get(pending.pop()!);
    if (number === undefined || !index.carriesInput[number] || costs[number].macs > 0) continue;
    const scores = scoresRead(index.nodes[number], tensors);
    if (scores !== undefined) found.add(scores);
    else
      for (const name of index.reads[number]) {
        if (seen.has(name)) continue;
        seen.add(name);
        pending.push(name);
      }
  }
  return [...found];
}
