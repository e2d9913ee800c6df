import { AppError } from "../../../../shared/base/errors.ts";
import { formatPercent, formatQuantity } from "../../../../shared/base/format-number.ts";
import { type BackboneOutput, type ReadyExit, scoreCount } from "../../../../shared/model/backbone.ts";
import type { Warning } from "../../../../shared/model/warning.ts";
import type { GraphProto, TensorProto } from "../gen/onnx_pb.ts";
import { nodeLabel } from "../model-tensors.ts";
import { elementTypeName, tensorNumbers } from "../tensors.ts";
import { closestShare } from "./analysis/cut-points.ts";
import { listInShort } from "./analysis/list-in-short.ts";
import { trainingModeNodes } from "./analysis/training-mode.ts";

/** Scores of one output on each of the probe's images. */
type Answers = readonly (readonly number[])[];

/**
 * Refuses scores that are no numbers.
 * @throws AppError 'model-unsupported'
 */
export function checkFinite(graph: GraphProto, name: string, answers: Answers, where: string): void {
  const bad = answers.flat().find((value) => !Number.isFinite(value));
  if (bad === undefined) return;
  const weight = graph.initializer.find(hasInfinity);
  throw new AppError(
    "model-unsupported",
    `${where} gives ${Number.isNaN(bad) ? "NaN" : "infinite scores"} in ${name} for plain images` +
      `${weight ? `, for its weight ${weight.name} holds values that are no finite numbers` : ""}; export it again ` +
      "in float32",
  );
}

/** Whether a constant holds infinity or NaN. */
function hasInfinity(tensor: TensorProto): boolean {
  const isFloat = elementTypeName(tensor.dataType)?.startsWith("float") ?? false;
  return isFloat && tensorNumbers(tensor).some((value) => !Number.isFinite(value));
}

/** Codes of the warnings that the prepared graph and its first run tell again. */
export const derivedWarnings: readonly string[] = [
  "training-mode",
  "multi-label",
  "constant-scores",
  "exit-repeats",
];

/**
 * What is worth knowing about the exits that came with a model.
 * @param unplaced those that stand at no cut point, which are left out
 * @param macs of the backbone
 */
export function exitWarnings(
  exits: readonly ReadyExit[],
  unplaced: readonly string[],
  macs: number,
): Warning[] {
  return [...unplacedExits(unplaced), ...repeatingExits(exits, macs)];
}

function unplacedExits(names: readonly string[]): Warning[] {
  if (names.length === 0) return [];
  const listed = listInShort(names, (name) => name);
  return [
    {
      code: "exit-left-out",
      text:
        names.length === 1
          ? `the exit ${listed} is left out: it reads the network before the first cut point, so no part of it stands before the exit`
          : `the exits ${listed} are left out: they read the network before the first cut point, so no part of it stands before them`,
    },
  ];
}

/** Less is not worth a word, as for places that are closer. */
function repeatingExits(exits: readonly ReadyExit[], macs: number): Warning[] {
  const repeating = exits.filter(({ repeatedMacs = 0 }) => repeatedMacs >= closestShare * macs);
  if (repeating.length === 0) return [];
  const names = listInShort(repeating, ({ output }) => output);
  const most = Math.max(...repeating.map(({ repeatedMacs = 0 }) => repeatedMacs));
  const share = `${formatQuantity(most)} MACs (${formatPercent(most / macs)} of the network)`;
  return [
    {
      code: "exit-repeats",
      text:
        repeating.length === 1
          ? `the exit ${names} reads more than one place of the network, so the ${share} between its cut point and there are computed again for samples that go on`
          : `the exits ${names} read more than one place of the network, so up to ${share} between their cut points and there are computed again for samples that go on`,
    },
  ];
}

/** What is worth knowing about a model that was found fit to be opened. */
export function importWarnings(
  graph: GraphProto,
  opset: number,
  output: BackboneOutput,
  answers: Answers,
): Warning[] {
  return [...trainingMode(graph, opset), ...multiLabel(graph, output), ...constantScores(output, answers)];
}

function trainingMode(graph: GraphProto, opset: number): Warning[] {
  const nodes = trainingModeNodes(graph, opset);
  if (nodes.length === 0) return [];
  const more = nodes.length > 1 ? ` and ${nodes.length - 1} more` : "";
  return [
    {
      code: "training-mode",
      text:
        `a part acts as in training (${nodeLabel(nodes[0])}${more}), so answers vary with chance or with the batch; ` +
        "export after model.eval()",
    },
  ];
}

function multiLabel(graph: GraphProto, output: BackboneOutput): Warning[] {
  const { name, kind, logitsTensor } = output;
  const isSigmoid = graph.node.some(({ opType, input }) => opType === "Sigmoid" && input[0] === logitsTensor);
  const count = scoreCount(output);
  if (kind !== "probabilities" || !isSigmoid || count === 1) return [];
  return [
    {
      code: "multi-label",
      text:
        `the ${count} probabilities of ${name} don't exclude each other (Sigmoid), as where an image has several ` +
        "labels; the largest is taken for its one label",
    },
  ];
}

/** Differences of less than this share of the largest score are rounding. */
const rounding = { float16: 2e-3, float32: 1e-5, float64: 1e-5 } as const;

function constantScores({ name, type }: BackboneOutput, [one, other]: Answers): Warning[] {
  if (!one || !other) return [];
  const largest = [...one, ...other].reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const bound = rounding[type] * largest;
  if (one.some((value, at) => Math.abs(value - other[at]) > bound)) return [];
  return [
    {
      code: "constant-scores",
      text: `the class scores (${name}) are the same for a bright and a dark image; are the weights trained ones?`,
    },
  ];
}
