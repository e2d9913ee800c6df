import { AppError, type OutputCandidate } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import { hashBytes } from "../../base/hash.ts";
import { type GraphIndex, nodesBehind } from "../graph-index.ts";
import {
  isReadOff,
  isSingleLabel,
  logitsBehind,
  scoresBehindAnswers,
  scoresIn,
} from "./analysis/class-scores.ts";
import type { NodeCost, TensorTable } from "./analysis/costs.ts";
import { closestShare } from "./analysis/cut-points.ts";
import { listInShort } from "./analysis/list-in-short.ts";
import { detectsObjects, taskOf } from "./analysis/other-tasks.ts";
import type { ExposedOutputs } from "./rewrite/expose-outputs.ts";

/** What telling outputs apart needs to know of a model that ran once. */
export interface RunGraph {
  readonly index: GraphIndex;
  readonly tensors: TensorTable;
  readonly costs: readonly NodeCost[];
  readonly opset: number;
  /** The file's name, for messages. */
  readonly where: string;
}

export interface ScoreOutputs {
  /** The backbone's own class scores. */
  readonly main: string;
  /**
   * Exits that came with the model: scores of as many classes, from less of the network. Those from all but its last
   * layer, such as the parts of a mean of two classifiers, save nothing and don't count.
   */
  readonly exits: readonly string[];
  /** Whether a person has chosen another than would have been found. */
  readonly isChosen: boolean;
  /** Further outputs that hold as many numbers an image as scores may be, if a person wants another than `main`. */
  readonly others: readonly OutputCandidate[];
}

/** An output that may hold class scores. */
interface Row {
  readonly name: string;
  /** Scores of one image. */
  readonly count: number;
  /** The graph's outputs that its own nodes make on the way. */
  readonly passed: readonly string[];
  /** The weighted nodes behind it as a key; equal for different forms of the same scores. */
  readonly weights: string;
  /** Number of the last of them. */
  readonly lastWeighted: number | undefined;
  readonly macs: number;
}

/** More would each have a head to measure; no network that was published has a tenth. */
const mostExits = 100;

/**
 * Finds a model's class scores among its outputs. Labels, top-k lists, embeddings before a classifier and other forms
 * of the same scores are told apart by the graph; of one and the same scores, logits are preferred.
 * @throws AppError 'model-unsupported' if no output holds class scores, or, with the candidates in its details, if
 *   more than one may be meant
 */
export async function chooseOutputs(
  graph: RunGraph,
  { given, asked }: ExposedOutputs,
  job: Job,
): Promise<ScoreOutputs> {
  const all = await rowsOf(graph, given, job);
  const rows = scoreRows(graph, all);
  const main =
    asked === undefined
      ? foundRow(graph, rows, given)
      : askedRow(graph, asked, await rowsOf(graph, [asked], job));
  if (main.macs === 0)
    throw new AppError(
      "model-unsupported",
      `${graph.where} holds no convolution on the way to ${main.name}; expected a convolutional network`,
    );
  const maxMacs = (1 - closestShare) * main.macs;
  const exits = rows.filter(({ count, macs }) => count === main.count && macs > 0 && macs <= maxMacs);
  if (exits.length > mostExits) throw tooManyExits(graph, exits);
  const isChosen = asked !== undefined && !isFound(graph, rows, given, asked);
  const names = exits.map(({ name }) => name);
  return { main: main.name, exits: names, isChosen, others: otherOutputs(graph, all, main, names) };
}

/** What the file gives beside the scores that were taken, without what the same weights make and exits. */
function otherOutputs(
  graph: RunGraph,
  rows: readonly Row[],
  main: Row,
  exits: readonly string[],
): OutputCandidate[] {
  const taken = new Set(exits);
  const others = rows.filter(
    ({ name, weights, macs }) => macs > 0 && weights !== main.weights && !taken.has(name),
  );
  return candidates(
    graph,
    others.map(({ name }) => name),
  );
}

/** The row that nobody had to ask for. */
function foundRow(graph: RunGraph, rows: readonly Row[], outputs: readonly string[]): Row {
  if (detectsObjects(graph.index, graph.tensors, outputs)) throw noClassifier(graph, outputs);
  if (rows.length === 0) throw noScores(graph, outputs);
  return deepestRow(graph, rows);
}

function isFound(graph: RunGraph, rows: readonly Row[], outputs: readonly string[], name: string): boolean {
  try {
    return foundRow(graph, rows, outputs).name === name;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** Names and shapes of tensors, for a question or a message. */
function candidates({ tensors }: RunGraph, names: readonly string[]): OutputCandidate[] {
  return names.map((name) => ({ name, type: tensors.get(name)!.type, shape: [...tensors.get(name)!.dims] }));
}

function listed(found: readonly OutputCandidate[]): string {
  return listInShort(found, ({ name, type, shape }) => `${name}: ${type} [${shape.join(", ")}]`);
}

/** One row for all forms of the same scores; no embeddings, and nothing that is read off other scores. */
function scoreRows(graph: RunGraph, rows: readonly Row[]): Row[] {
  const found = rows.filter(({ name }) => !isReadOff(graph.index, graph.tensors, name));
  const deep = found.filter(({ macs }) => macs > 0);
  const all = deep.length > 0 ? deep : found;
  const weighedAgain = nodesWeighedAgain(graph, all);
  const byName = new Map(all.map((row) => [row.name, row]));
  const kept = all.filter((row) => !(weighedAgain.has(row.lastWeighted) || isReadOffAnother(row, byName)));
  const best = bestForms(graph, kept);
  return kept.filter((row) => best.get(formKey(row)) === row);
}

/** No row for what holds no scores, or holds the same for every image. Pauses after each, for all may be deep. */
async function rowsOf(
  { index, tensors, costs }: RunGraph,
  names: readonly string[],
  job: Job,
): Promise<Row[]> {
  const isWeighted = Uint8Array.from(costs, ({ macs }) => +(macs > 0));
  const made: string[][] = index.nodes.map(() => []);
  for (const name of names) made[index.producer.get(name) ?? -1]?.push(name);
  const rows: Row[] = [];
  for (const name of names) {
    await job.pause();
    const count = scoresIn(tensors.get(name));
    const behind = nodesBehind(index, name);
    if (count === undefined || behind.length === 0) continue;
    const passed: string[] = [];
    const weighted: number[] = [];
    for (const number of behind) {
      if (isWeighted[number] === 1) weighted.push(number);
      for (const output of made[number]) passed.push(output);
    }
    const weights = hashBytes(new Uint8Array(Int32Array.from(weighted).buffer));
    const macs = weighted.reduce((sum, number) => sum + costs[number].macs, 0);
    rows.push({ name, count, passed, weights, lastWeighted: weighted.at(-1), macs });
  }
  return rows;
}

/** Numbers of the nodes whose result goes through more weights on its way to a row: what they make is an embedding there. */
function nodesWeighedAgain({ index, costs }: RunGraph, rows: readonly Row[]): Set<number | undefined> {
  const weighed = new Set<number | undefined>();
  const behind = nodesBehind(index, ...rows.map(({ name }) => name));
  for (const number of behind.reverse())
    if (costs[number].macs > 0 || weighed.has(number))
      for (const source of index.sources[number]) weighed.add(source);
  return weighed;
}

/** Whether a row is read off another one by the same weights (its largest, its first five). */
function isReadOffAnother(row: Row, rows: ReadonlyMap<string, Row>): boolean {
  return row.passed.some((name) => {
    const other = rows.get(name);
    return other?.weights === row.weights && other.count !== row.count;
  });
}

/** Equal for rows that are the same scores. */
function formKey({ count, weights }: Row): string {
  return `${count} ${weights}`;
}

/** Of rows that are the same scores the first that is no probabilities. */
function bestForms({ index, tensors, opset }: RunGraph, rows: readonly Row[]): Map<string, Row> {
  const isLogits = ({ name, count }: Row) => logitsBehind(index, tensors, name, count, opset) === undefined;
  const best = new Map<string, Row>();
  for (const row of rows) if (!best.has(formKey(row)) && isLogits(row)) best.set(formKey(row), row);
  for (const row of rows) if (!best.has(formKey(row))) best.set(formKey(row), row);
  return best;
}

function tooManyExits({ where }: RunGraph, exits: readonly Row[]): AppError {
  const names = listInShort(exits, ({ name }) => name);
  return new AppError(
    "model-unsupported",
    `${where} has ${exits.length} outputs that look like exits of its own (${names}), expected up to ${mostExits}; ` +
      "remove those that aren't needed",
  );
}

/** Of the rows of one length the one with the most of the network behind it. */
function deepestRow(graph: RunGraph, rows: readonly Row[]): Row {
  const counts = [...new Set(rows.map((row) => row.count))];
  const count = counts.length === 1 ? counts[0] : singleLabelCount(graph, rows);
  const fitting = rows.filter((row) => row.count === count);
  const maxMacs = fitting.reduce((largest, { macs }) => Math.max(largest, macs), 0);
  const deepest = fitting.filter(({ macs }) => macs === maxMacs);
  if (deepest.length === 1 || (fitting.length > 0 && maxMacs === 0)) return deepest[0];
  throw ambiguous(graph, deepest.length > 1 ? deepest : rows);
}

/** How many classes there are if just one row length has rows that end in a Softmax. */
function singleLabelCount({ index, tensors, opset }: RunGraph, rows: readonly Row[]): number | undefined {
  const softmax = rows.filter(({ name, count }) => isSingleLabel(index, tensors, name, count, opset));
  const counts = new Set(softmax.map(({ count }) => count));
  return counts.size === 1 ? softmax[0].count : undefined;
}

function ambiguous(graph: RunGraph, rows: readonly Row[]): AppError {
  const found = candidates(
    graph,
    rows.map(({ name }) => name),
  );
  return new AppError(
    "model-unsupported",
    `${graph.where} has ${found.length} outputs that may be its class scores (${listed(found)})`,
    { missing: "output", candidates: found },
  );
}

/** For a model that gives nothing but its answer, the tensors that the answer is read from. */
function noScores(graph: RunGraph, outputs: readonly string[]): AppError {
  const { index, tensors, costs } = graph;
  const behind = scoresBehindAnswers(index, tensors, costs, outputs);
  if (behind.length === 0) return noClassifier(graph, outputs);
  const found = candidates(graph, behind);
  return new AppError(
    "model-unsupported",
    `${graph.where} gives only its answer (${describeOutputs(tensors, outputs)}), and exits need the class scores, ` +
      `which it has inside (${listed(found)})`,
    { missing: "output", inside: true, candidates: found },
  );
}

function noClassifier({ index, tensors, where }: RunGraph, outputs: readonly string[]): AppError {
  const task = taskOf(index, tensors, outputs);
  return new AppError(
    "model-unsupported",
    `${where} is no image classifier: its outputs are ${describeOutputs(tensors, outputs)}` +
      `${task ? `, which looks like ${task}` : ""}; expected class scores, float [1, classes], for Offramp is for ` +
      "images of which each has one label",
  );
}

function describeOutputs(tensors: TensorTable, outputs: readonly string[]): string {
  const describe = (output: string) => {
    const tensor = tensors.get(output);
    return `${output}: ${tensor ? `${tensor.type} [${tensor.dims.join(", ")}]` : "not a tensor"}`;
  };
  return listInShort(outputs, describe) || "none";
}

/** @throws AppError 'model-unsupported' unless it holds scores */
function askedRow(graph: RunGraph, asked: string, [row]: readonly Row[]): Row {
  if (row) return row;
  throw new AppError(
    "model-unsupported",
    `${graph.where} has no class scores in ${describeOutputs(graph.tensors, [asked])}; expected float [1, classes], ` +
      "or [1, 1] for two classes",
  );
}
