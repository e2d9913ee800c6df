import { clone, type DescMessage, type MessageShape, toBinary } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProtoSchema,
  type FunctionProto,
  type GraphProto,
  type NodeProto,
  NodeProtoSchema,
} from "../../gen/onnx_pb.ts";
import type { GraphModel } from "../../graph-model.ts";
import { measureWire } from "../../measure-wire.ts";
import { attributeGraphs, nestedNodes, plainDomain } from "../../model-tensors.ts";
import { type UniqueNames, uniqueNames } from "../../unique-names.ts";
import type { Reporter } from "./model-reporter.ts";

/** Functions that call functions multiply; these are more than any network needs, and less than a machine lacks. */
const maxNodes = 100_000;
const maxBytes = 128e6;
/** Exporters that make a function of each module and each operator nest them as deeply as the network's classes. */
const deepestCalls = 64;

/** What a node calls a function by. */
export function calledKey({ domain, opType, overload }: NodeProto): string {
  return `${plainDomain(domain)}:${opType}:${overload}`;
}

/** What a function is called by. */
export function definedKey({ domain, name, overload }: FunctionProto): string {
  return `${plainDomain(domain)}:${name}:${overload}`;
}

/**
 * Checks that each function is defined once, and none calls itself, nor too deep: in its nodes, or in graphs that it
 * gives its attributes where a call doesn't. Takes functions whose calls are all known until none is left.
 * @see Kahn 1962, doi:10.1145/368996.369025
 */
export function checkFunctionCalls(functions: readonly FunctionProto[], report: Reporter): void {
  const callers = new Map<string, string[]>(functions.map((definition) => [definedKey(definition), []]));
  if (callers.size < functions.length) report.invalid("it defines a function twice");
  const waiting = new Map<string, number>();
  for (const definition of functions) {
    const called = functionsCalled(definition).filter((key) => callers.has(key));
    for (const key of called) callers.get(key)!.push(definedKey(definition));
    waiting.set(definedKey(definition), called.length);
  }
  const depths = new Map<string, number>();
  for (const [key, count] of waiting) if (count === 0) depths.set(key, 1);
  // What is put into the map here is met later in the same loop.
  for (const [key, depth] of depths)
    for (const caller of callers.get(key)!) {
      waiting.set(caller, waiting.get(caller)! - 1);
      if (waiting.get(caller) === 0) depths.set(caller, depth + 1);
    }
  const stuck = [...callers.keys()].find((key) => (depths.get(key) ?? deepestCalls + 1) > deepestCalls);
  if (stuck !== undefined)
    report.unsupported(`function ${stuck} calls itself, or functions more than ${deepestCalls} deep`);
}

function functionsCalled({ node, attributeProto }: FunctionProto): string[] {
  const called = new Set<string>();
  for (const each of nestedNodes(node)) called.add(calledKey(each));
  for (const subgraph of attributeProto.flatMap(attributeGraphs))
    for (const each of nestedNodes(subgraph.node)) called.add(calledKey(each));
  return [...called];
}

/**
 * Puts each function's nodes in the place of its calls, so that all later work sees plain operators.
 * The functions must have passed `checkFunctionCalls`.
 */
export function inlineFunctions(model: GraphModel, report: Reporter): void {
  if (model.functions.length === 0) return;
  mergeImports(model, report);
  const inliner: Inliner = {
    functions: new Map(model.functions.map((definition) => [definedKey(definition), callable(definition)])),
    prefixes: uniqueNames(),
    nodes: new Map(),
    attributes: new Map(),
    nodesMade: 0,
    bytesMade: 0,
    report,
  };
  model.graph.node = inlined(model.graph.node, inliner);
  model.functions = [];
}

/** The model must import what its functions' bodies use, in the same versions. */
function mergeImports(model: GraphModel, report: Reporter): void {
  const versions = new Map(model.opsetImport.map(({ domain, version }) => [plainDomain(domain), version]));
  for (const definition of model.functions)
    for (const wanted of definition.opsetImport) {
      const domain = plainDomain(wanted.domain);
      const present = versions.get(domain);
      if (present === undefined) {
        versions.set(domain, wanted.version);
        model.opsetImport.push(wanted);
      } else if (present !== wanted.version)
        report.unsupported(
          `function ${definition.name} wants version ${wanted.version} of operator set "${domain}", the model ` +
            `${present}; export it with its functions inlined`,
        );
    }
}

interface Inliner {
  readonly functions: ReadonlyMap<string, Callable>;
  /** One for each call; they keep the names of two calls apart. */
  readonly prefixes: UniqueNames;
  /** What is known of functions' nodes, and of values for their attributes. */
  readonly nodes: Map<NodeProto, Size & { readonly references: readonly string[] }>;
  readonly attributes: Map<AttributeProto, Size>;
  nodesMade: number;
  bytesMade: number;
  readonly report: Reporter;
}

/** A function, and the values of attributes that a call doesn't give. */
interface Callable {
  readonly definition: FunctionProto;
  readonly defaults: ReadonlyMap<string, AttributeProto>;
}

/** Looks up what an attribute reference stands for. */
type AttributeValues = (name: string) => AttributeProto | undefined;

function callable(definition: FunctionProto): Callable {
  return { definition, defaults: byName(definition.attributeProto) };
}

function byName(attributes: readonly AttributeProto[]): ReadonlyMap<string, AttributeProto> {
  return new Map(attributes.map((attribute) => [attribute.name, attribute]));
}

/** What one more copy of something takes. */
interface Size {
  /** Those in subgraphs too. */
  readonly nodes: number;
  /** Memory, and bytes of the file that ONNX Runtime gets. */
  readonly bytes: number;
  /** Names that get a prefix. */
  readonly names: number;
}

function inlined(nodes: readonly NodeProto[], inliner: Inliner): NodeProto[] {
  return nodes.flatMap((node) => {
    for (const subgraph of node.attribute.flatMap(attributeGraphs))
      subgraph.node = inlined(subgraph.node, inliner);
    const called = inliner.functions.get(calledKey(node));
    return called ? inlined(body(called, node, inliner), inliner) : node;
  });
}

/** A function's nodes with the call's tensors and attributes in place of its own. */
function body({ definition, defaults }: Callable, call: NodeProto, inliner: Inliner): NodeProto[] {
  const { input, output, node: nodes } = definition;
  const prefix = inliner.prefixes.take(call.name || call.output[0]);
  const tensors = input.length + output.length;
  countCopy({ nodes: 0, bytes: prefix.length, names: tensors }, prefix, inliner);
  const names = new Map([["", ""]]);
  output.forEach((name, position) => {
    if (call.output[position]) names.set(name, call.output[position]);
  });
  input.forEach((name, position) => {
    names.set(name, call.input[position] ?? "");
  });
  const rename = (name: string) => names.get(name) ?? `${prefix}/${name}`;
  const given = byName(call.attribute);
  const values: AttributeValues = (name) => given.get(name) ?? defaults.get(name);
  return nodes.map((node) => {
    countInstance(node, values, prefix, inliner);
    return instance(node, rename, values, prefix);
  });
}

/** Counts a copy of a node, and of each value that it refers to, before they are made. */
function countInstance(node: NodeProto, values: AttributeValues, prefix: string, inliner: Inliner): void {
  const { nodes, attributes, report } = inliner;
  const own = nodes.get(node) ?? {
    ...sizeOf(NodeProtoSchema, node, report),
    references: referencesIn(node),
  };
  nodes.set(node, own);
  countCopy(own, prefix, inliner);
  for (const name of own.references) {
    const value = values(name);
    if (!value) continue;
    const size = attributes.get(value) ?? sizeOf(AttributeProtoSchema, value, report);
    attributes.set(value, size);
    countCopy(size, prefix, inliner);
  }
}

function referencesIn(node: NodeProto): string[] {
  const found: string[] = [];
  for (const { attribute } of nestedNodes([node]))
    for (const { refAttrName } of attribute) if (refAttrName !== "") found.push(refAttrName);
  return found;
}

function sizeOf<Schema extends DescMessage>(
  schema: Schema,
  message: MessageShape<Schema>,
  report: Reporter,
): Size {
  const encoded = toBinary(schema, message);
  const unlimited = { decodedBytes: Number.POSITIVE_INFINITY, counts: {} };
  const { decodedBytes, count } = measureWire(schema, encoded, unlimited, ({ kind }) =>
    report.unsupported(
      `a part of its functions is ${kind} once they are expanded; export it without functions`,
    ),
  );
  const nodes = count("NodeProto");
  const tensors = count("NodeProto.input") + count("NodeProto.output") + count("TensorProto");
  const bytes = encoded.length + decodedBytes;
  return { nodes, bytes, names: nodes + tensors + count("ValueInfoProto") };
}

/** A name takes some memory beside its prefix. */
const bytesPerName = 32;

function countCopy({ nodes, bytes, names }: Size, prefix: string, inliner: Inliner): void {
  inliner.nodesMade += nodes;
  inliner.bytesMade += bytes + names * (bytesPerName + prefix.length);
  if (inliner.nodesMade > maxNodes || inliner.bytesMade > maxBytes)
    inliner.report.unsupported(
      `its functions expand to more than ${maxNodes} operators or ${maxBytes / 1e6} MB; export it without functions`,
    );
}

type Rename = (name: string) => string;

function instance(original: NodeProto, rename: Rename, values: AttributeValues, prefix: string): NodeProto {
  const node = clone(NodeProtoSchema, original);
  adapt(node, rename, values);
  node.name = `${prefix}/${original.name || original.output[0]}`;
  return node;
}

/** What stands in a value was known where it was given: it refers to nothing here. */
const noValues: AttributeValues = () => undefined;

/** Renames a node's tensors and fills in its attribute references, in its subgraphs too. */
function adapt(node: NodeProto, rename: Rename, values: AttributeValues): void {
  node.input = node.input.map(rename);
  node.output = node.output.map(rename);
  node.attribute = node.attribute.flatMap((attribute) => {
    const isReference = attribute.refAttrName !== "";
    const value = isReference ? values(attribute.refAttrName) : attribute;
    if (!value) return [];
    const filled = isReference ? clone(AttributeProtoSchema, value) : value;
    filled.name = attribute.name;
    for (const subgraph of attributeGraphs(filled))
      adaptGraph(subgraph, rename, isReference ? noValues : values);
    return filled;
  });
}

function adaptGraph(graph: GraphProto, rename: Rename, values: AttributeValues): void {
  for (const named of [...graph.input, ...graph.initializer, ...graph.output])
    named.name = rename(named.name);
  graph.valueInfo = [];
  for (const node of graph.node) adapt(node, rename, values);
}
