import { defaultOpset } from "../../backbone.ts";
import {
  type AttributeProto,
  type FunctionProto,
  type GraphProto,
  type NodeProto,
  type OperatorSetIdProto,
  type TensorProto,
  TensorProto_DataLocation,
  type ValueInfoProto,
} from "../../gen/onnx_pb.ts";
import { tensorsRead } from "../../graph-index.ts";
import type { GraphModel } from "../../graph-model.ts";
import {
  attributeGraphs,
  modelTensors,
  nestedNodes,
  nodeLabel,
  type PlacedTensor,
  plainDomain,
} from "../../model-tensors.ts";
import { copiesSize } from "../../subgraph-copies.ts";
import { elementTypeName, storedElements, tensorBytes } from "../../tensors.ts";
import { uniqueNames } from "../../unique-names.ts";
import { valueDependence } from "../../value-dependence.ts";
import { describeValue } from "../analysis/image-input.ts";
import { calledKey, checkFunctionCalls, definedKey, inlineFunctions } from "./inline-functions.ts";
import { maximumModelBytes } from "./model-file.ts";
import { type Reporter, reporter } from "./model-reporter.ts";

const irVersions = [3, 13] as const;
const opsets = [7, 25] as const;
/** ONNX and what ONNX Runtime ships beside it; anything else needs a library that we don't load. */
const knownDomains: readonly string[] = ["", "ai.onnx.ml", "com.microsoft"];
const deepestNesting = 8;
const highestRank = 16;
/** Of the main graph, and of each inside. Who wants to see all that a network computes makes outputs of some hundred. */
const mostOutputs = 1000;
const mostInputs = 1000;

/** Where a model's data may be: in the model itself alone, or also in files beside the model's own. */
export type DataPlace = "inside" | "beside";

/**
 * Checks that a model is what the ONNX specification allows and our reader can follow, before ONNX Runtime sees
 * it. Puts nodes into topological order where the file doesn't, puts functions in the place of their calls, gives
 * every node of the main graph a unique name, and drops what inference ignores (training graphs, recorded shapes).
 * ONNX Runtime would open external data by paths relative to wherever this process runs, so it is refused unless the
 * caller goes on to `resolveExternalData`.
 * @param where the file's name, for messages
 * @throws AppError 'model-invalid' if the model breaks the specification, 'model-unsupported' if it is outside
 *   what we read; both name the node or tensor
 */
export function checkModel(model: GraphModel, where: string, data: DataPlace = "inside"): void {
  const report = reporter(where);
  checkVersions(model, report);
  for (const nodes of nodesOf(model)) checkNesting(nodes, report, 0);
  checkOperators(model, report);
  for (const placed of modelTensors(model)) checkTensor(placed, report);
  for (const definition of model.functions) checkFunction(definition, report);
  checkFunctionCalls(model.functions, report);
  inlineFunctions(model, report);
  // Functions may have brought each other's graphs into their own, and their constants several times.
  checkNesting(model.graph.node, report, 0);
  const bytes = constantBytes(model);
  checkBudget(bytes, report);
  checkCopies(model.graph, bytes, report);
  if (data === "inside") for (const placed of modelTensors(model)) checkInside(placed, report);
  checkGraph(model.graph, () => false, report);
  nameNodes(model.graph);
  checkBounded(model.graph, report);
  model.trainingInfo = [];
  model.graph.valueInfo = [];
}

function checkVersions(model: GraphModel, report: Reporter): void {
  const ir = Number(model.irVersion);
  if (ir < irVersions[0] || ir > irVersions[1])
    report.unsupported(
      `its IR version is ${ir}, expected ${irVersions.join(" to ")}; export it with a current exporter`,
    );
  model.opsetImport = withoutRepeats(
    model.opsetImport,
    ({ domain, version }) => `operator set ${plainDomain(domain)} in version ${version}`,
  );
  checkUnique(
    model.opsetImport.map(({ domain }) => `operator set ${plainDomain(domain)}`),
    report,
  );
  const version = defaultOpset(model);
  if (version < opsets[0] || version > opsets[1])
    report.unsupported(
      `its operator set is ${version}, expected ${opsets.join(" to ")}; export it with opset 17`,
    );
}

/** Those of the main graph, and of functions, in which also stand those of the graphs that a call need not give. */
function nodesOf({ graph, functions }: GraphModel): NodeProto[][] {
  const inside = functions.flatMap(({ node, attributeProto }) => [
    node,
    ...attributeProto.flatMap(attributeGraphs).map((subgraph) => subgraph.node),
  ]);
  return [graph.node, ...inside];
}

function checkNesting(nodes: readonly NodeProto[], report: Reporter, depth: number): void {
  for (const node of nodes)
    for (const subgraph of node.attribute.flatMap(attributeGraphs)) {
      if (depth === deepestNesting)
        report.unsupported(
          `${nodeLabel(node)} nests subgraphs deeper than ${deepestNesting} levels; simplify the model first`,
        );
      checkNesting(subgraph.node, report, depth + 1);
    }
}

/** Every operator must have a name, and come from a domain that is known and imported. */
function checkOperators(model: GraphModel, report: Reporter): void {
  const functions = new Set(model.functions.map(definedKey));
  const check = (nodes: readonly NodeProto[], imports: readonly OperatorSetIdProto[]): void => {
    const imported = new Set(imports.map(({ domain }) => plainDomain(domain)));
    for (const node of nestedNodes(nodes)) {
      const domain = plainDomain(node.domain);
      if (node.opType === "") report.invalid(`${nodeLabel(node)} names no operator`);
      if (!functions.has(calledKey(node)) && !knownDomains.includes(domain))
        report.unsupported(
          `${nodeLabel(node)} is a custom operator (domain ${domain}); expected operators of ONNX or com.microsoft`,
        );
      if (!imported.has(domain))
        report.invalid(`${nodeLabel(node)} is of domain "${domain}", which isn't imported`);
    }
  };
  check(model.graph.node, model.opsetImport);
  for (const { node, attributeProto, opsetImport } of model.functions) {
    const defaults = attributeProto.flatMap(attributeGraphs).flatMap((subgraph) => subgraph.node);
    check([...node, ...defaults], opsetImport);
  }
}

function checkTensor({ tensor, place }: PlacedTensor, report: Reporter): void {
  if (elementTypeName(tensor.dataType) === undefined)
    report.invalid(`${place} has unknown element type ${tensor.dataType}`);
  checkDims(tensor.dims, place, report);
  if (tensor.segment) report.unsupported(`${place} is stored in segments; save it whole`);
  if (tensorBytes(tensor) > maximumModelBytes)
    report.unsupported(
      `${place} says it holds [${tensor.dims.join(", ")}] ${elementTypeName(tensor.dataType)}, over 2 GB`,
    );
  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) return;
  tensor.externalData = [];
  checkPayload(tensor, place, report);
}

function checkInside({ tensor, place }: PlacedTensor, report: Reporter): void {
  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL)
    report.unsupported(`${place} has its data in another file, where all has to be in this one`);
}

function checkDims(dims: readonly bigint[], place: string, report: Reporter): void {
  checkRank(dims.length, place, report);
  const bad = dims.find((dim) => dim < 0n || dim > BigInt(maximumModelBytes));
  if (bad !== undefined) report.invalid(`${place} has dimension ${bad}, expected 0 to ${maximumModelBytes}`);
}

function checkRank(rank: number, place: string, report: Reporter): void {
  if (rank > highestRank)
    report.unsupported(`${place} has ${rank} dimensions, expected up to ${highestRank}`);
}

/** The bytes that are really there must be those that the shape asks for. */
function checkPayload(tensor: TensorProto, place: string, report: Reporter): void {
  const { expected, present, unit } = storedElements(tensor);
  if (present !== expected)
    report.invalid(
      `${place} of shape [${tensor.dims.join(", ")}] holds ${present} ${unit}, expected ${expected}`,
    );
}

function constantBytes(model: GraphModel): number {
  let bytes = 0;
  for (const { tensor } of modelTensors(model)) bytes += tensorBytes(tensor);
  return bytes;
}

function checkBudget(bytes: number, report: Reporter): void {
  if (bytes > maximumModelBytes)
    report.unsupported(
      `its constants take ${(bytes / 1e9).toFixed(1)} GB, expected up to 2 GB; use a smaller model or float16`,
    );
}

/** More than the largest network, and little enough to be held beside it. */
const mostCopiedNodes = 100_000;
const mostCopiedBytes = 128e6;

/** What is in branches and loops is looked at in copies beside them, and what is nested in several, in several. */
function checkCopies(graph: GraphProto, ownBytes: number, report: Reporter): void {
  const { nodes, bytes } = copiesSize(graph.node);
  if (nodes > mostCopiedNodes || bytes > mostCopiedBytes + ownBytes)
    report.unsupported(
      `its branches and loops nest so much that ${nodes} operators and ${Math.round(bytes / 1e6)} MB would have to be ` +
        `looked at, expected up to ${mostCopiedNodes}; simplify the model first`,
    );
}

/** Its first run can only stand for the next ones if no image asks for more memory or time than another. */
function checkBounded(graph: GraphProto, report: Reporter): void {
  const { unbounded } = valueDependence(graph);
  if (unbounded)
    report.unsupported(
      `how much ${nodeLabel(unbounded)} makes, or how often it runs, depends on what is in the image, so no bound holds ` +
        "for its memory and time; export the model with sizes and counts that are fixed",
    );
}

/** Whether a name can be read. Asks scope by scope, because copying names into each subgraph could take very long. */
type Scope = (name: string) => boolean;

function checkGraph(graph: GraphProto, outer: Scope, report: Reporter): void {
  if (graph.sparseInitializer.length > 0)
    report.unsupported(
      `it holds the sparse constant ${graph.sparseInitializer[0].values?.name}; save it dense`,
    );
  const inputs = graph.input.map((input) => checkedValue(input, report));
  const constants = graph.initializer.map((tensor) => tensor.name);
  // Old files list constants among the inputs too, so the two may overlap; neither may repeat itself.
  for (const names of [inputs, constants]) checkUnique(names, report);
  const given = new Set([...inputs, ...constants]);
  checkCount("inputs", given.size - constants.length, mostInputs, report);
  const visible = checkNodes(graph.node, given, outer, report);
  graph.node = inOrder(graph.node, report);
  graph.output = withoutRepeats(graph.output, describeValue);
  checkCount("outputs", graph.output.length, mostOutputs, report);
  for (const output of graph.output)
    if (!visible(checkedValue(output, report))) report.invalid(`nothing makes the output ${output.name}`);
  checkUnique(
    graph.output.map((output) => output.name),
    report,
  );
}

function checkCount(what: string, count: number, most: number, report: Reporter): void {
  if (count > most)
    report.unsupported(`it has ${count} ${what}, expected up to ${most}; simplify the model first`);
}

function checkFunction(definition: FunctionProto, report: Reporter): void {
  const { name, input, output, attributeProto } = definition;
  checkUnique(input, report);
  for (const attribute of attributeProto) checkDense(attribute, `function ${name}`, report);
  const visible = checkNodes(definition.node, new Set(input), () => false, report);
  definition.node = inOrder(definition.node, report);
  const missing = output.find((made) => !visible(made));
  if (missing !== undefined) report.invalid(`nothing makes the output ${missing} of function ${name}`);
}

/** @param owner the node or function whose attribute it is */
function checkDense(attribute: AttributeProto, owner: string, report: Reporter): void {
  if (attribute.sparseTensor || attribute.sparseTensors.length > 0)
    report.unsupported(`attribute ${attribute.name} of ${owner} is a sparse tensor; save it dense`);
}

function checkedValue(value: ValueInfoProto, report: Reporter): string {
  if (value.name === "") report.invalid("an input or output of a graph has no name");
  if (value.type?.value.case === "tensorType") {
    const dims = value.type.value.value.shape?.dim ?? [];
    checkRank(dims.length, value.name, report);
    for (const dim of dims) {
      if (dim.value.case !== "dimValue") continue;
      // Some exporters write -1 for an open dimension, and ONNX Runtime reads it so.
      if (dim.value.value === -1n) dim.value = { case: undefined };
      else checkDims([dim.value.value], value.name, report);
    }
  }
  return value.name;
}

/** What some tools write twice, and ONNX Runtime takes: the same in all that `describe` says of it. */
function withoutRepeats<Item>(items: readonly Item[], describe: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [describe(item), item])).values()];
}

function checkUnique(names: readonly string[], report: Reporter): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (name === "") report.invalid("a tensor has no name");
    if (seen.has(name)) report.invalid(`the name ${name} is given twice`);
    seen.add(name);
  }
}

/**
 * Checks nodes against the names around them: each name is made once in a graph (static single assignment), and
 * each one read is made somewhere, if only in a graph around this one.
 * @returns the names visible in the graph
 */
function checkNodes(
  nodes: readonly NodeProto[],
  given: ReadonlySet<string>,
  outer: Scope,
  report: Reporter,
): Scope {
  const made = new Set(given);
  for (const node of nodes) {
    if (node.output.every((name) => name === "")) report.invalid(`${nodeLabel(node)} has no outputs`);
    for (const name of node.output) {
      if (made.has(name)) report.invalid(`${nodeLabel(node)} makes ${name}, which exists already`);
      if (name !== "") made.add(name);
    }
  }
  const visible: Scope = (name) => made.has(name) || outer(name);
  for (const node of nodes) {
    const missing = node.input.find((name) => name !== "" && !visible(name));
    if (missing !== undefined) report.invalid(`${nodeLabel(node)} reads ${missing}, which nothing makes`);
    for (const attribute of node.attribute) {
      checkDense(attribute, nodeLabel(node), report);
      for (const subgraph of attributeGraphs(attribute)) checkGraph(subgraph, visible, report);
    }
  }
  return visible;
}

/**
 * The nodes in topological order, and in the file's order where that is one already.
 * @see Kahn 1962, doi:10.1145/368996.369025
 */
function inOrder(nodes: readonly NodeProto[], report: Reporter): NodeProto[] {
  const producer = new Map(
    nodes.flatMap((node, number) => node.output.map((name) => [name, number] as const)),
  );
  producer.delete("");
  const readers: number[][] = nodes.map(() => []);
  const waiting = nodes.map((node, number) => {
    const sources = new Set(tensorsRead(node).flatMap((name) => producer.get(name) ?? []));
    for (const source of sources) readers[source].push(number);
    return sources.size;
  });
  if (readers.every((numbers, source) => numbers.every((number) => number > source))) return [...nodes];
  const order = nodes.flatMap((_, number) => (waiting[number] === 0 ? [number] : []));
  for (const number of order)
    for (const reader of readers[number]) if (--waiting[reader] === 0) order.push(reader);
  const stuck = waiting.findIndex((count) => count > 0);
  if (stuck >= 0) report.invalid(`${nodeLabel(nodes[stuck])} is part of, or behind, a cycle`);
  return order.map((number) => nodes[number]);
}

/** Gives each node a name of its own, from its first output where the file gives none or the same twice. */
function nameNodes(graph: GraphProto): void {
  const names = uniqueNames();
  for (const node of graph.node) {
    const isOwn = node.name !== "" && !names.has(node.name);
    node.name = names.take(isOwn ? node.name : node.output.find((name) => name !== "")!);
  }
}
