import type { BackboneOutput } from "../../../shared/domain/backbone.ts";
import { AppError } from "../../../shared/errors.ts";
import type { NodeCost, TensorTable } from "./costs.ts";
import { type GraphIndex, nodesBehind } from "./graph-index.ts";
import type { ProbeResult } from "./model-probe.ts";

export interface ScoreOutputs {
  /** The backbone's own: the one with the most MACs behind it. */
  readonly main: string;
  readonly classes: number;
  /** Exits that came with the model. */
  readonly exits: readonly string[];
}

/**
 * Sorts a model's outputs into the backbone's class scores and those of ready exits. An output that repeats
 * another in different form (probabilities beside logits) is neither.
 * @throws AppError 'model-unsupported' unless every output is a row of class scores, of one length
 */
export function findScoreOutputs(
  index: GraphIndex,
  tensors: TensorTable,
  costs: readonly NodeCost[],
  outputs: readonly string[],
  where: string,
): ScoreOutputs {
  const classes = new Set(outputs.map((output) => classCount(tensors, output)));
  if (classes.size !== 1 || classes.has(undefined)) {
    const found = outputs.map((output) => describe(tensors, output)).join(", ") || "none";
    throw new AppError(
      "model-unsupported",
      `${where} is no image classifier: its outputs are ${found}; expected class scores, float [1, classes]`,
    );
  }
  const weightedBehind = new Map(
    outputs.map((output) => [output, nodesBehind(index, output).filter((number) => costs[number].macs > 0)]),
  );
  const macs = (output: string) =>
    weightedBehind.get(output)!.reduce((sum, number) => sum + costs[number].macs, 0);
  const distinct = outputs.filter(
    (output, position) =>
      outputs.findIndex(
        (other) => weightedBehind.get(other)!.join() === weightedBehind.get(output)!.join(),
      ) === position,
  );
  const main = distinct.reduce((most, output) => (macs(output) > macs(most) ? output : most));
  if (macs(main) === 0)
    throw new AppError(
      "model-unsupported",
      `${where} holds no convolution on the way to ${main}; expected a convolutional network`,
    );
  return { main, classes: [...classes][0]!, exits: distinct.filter((output) => output !== main) };
}

/** K of float [1, K] or [1, K, 1, 1], at least 2; undefined for anything else. */
function classCount(tensors: TensorTable, output: string): number | undefined {
  const { type, dims } = tensors.get(output) ?? { type: "", dims: [] };
  const isRow = dims.length === 2 || (dims.length === 4 && dims[2] === 1 && dims[3] === 1);
  return /^float(16|32)$/.test(type) && isRow && dims[0] === 1 && dims[1] >= 2 ? dims[1] : undefined;
}

function describe(tensors: TensorTable, output: string): string {
  const tensor = tensors.get(output);
  return `${output}: ${tensor ? `${tensor.type} [${tensor.dims.join(", ")}]` : "not a tensor"}`;
}

/**
 * Finds out whether an output holds logits or probabilities: by the operator that makes it, or else by its
 * values on two images.
 * @param opset version of ONNX's operator set; Softmax changed its meaning in 13
 */
export function describeScores(
  index: GraphIndex,
  probe: ProbeResult,
  { main, classes }: ScoreOutputs,
  opset: number,
): BackboneOutput {
  const { type } = probe.tensors.get(main)!;
  const found = { name: main, classes, type: type === "float16" ? "float16" : "float32" } as const;
  const logitsTensor = logitsBehind(index, probe.tensors, main, classes, opset);
  if (logitsTensor !== undefined) return { ...found, kind: "probabilities", logitsTensor };
  if (sumToOne(probe.outputs.get(main) ?? [], type)) return { ...found, kind: "probabilities" };
  return { ...found, kind: "logits", logitsTensor: main };
}

/** Operators that hand class scores on unchanged in order and value. */
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
 * @returns undefined if `output` is no such probabilities
 */
export function logitsBehind(
  index: GraphIndex,
  tensors: TensorTable,
  output: string,
  classes: number,
  opset: number,
): string | undefined {
  const node = index.nodes[index.producer.get(output) ?? -1];
  if (!node) return undefined;
  if (passing.includes(node.opType)) return logitsBehind(index, tensors, node.input[0], classes, opset);
  if (node.opType === "Sigmoid") return node.input[0];
  if (node.opType !== "Softmax") return undefined;
  const dims = tensors.get(node.input[0])?.dims ?? [];
  const declared = node.attribute.find(({ name }) => name === "axis")?.i;
  const axis = Number(declared ?? (opset < 13 ? 1 : -1));
  const summed = opset < 13 ? dims.slice(axis) : [dims.at(axis) ?? 0];
  return summed.reduce((product, dim) => product * dim, 1) === classes ? node.input[0] : undefined;
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
