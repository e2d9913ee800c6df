import { clone } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProtoSchema,
  type FunctionProto,
  type GraphProto,
  type NodeProto,
  NodeProtoSchema,
} from "../../gen/onnx_pb.ts";
import type { GraphModel } from "../../graph-model.ts";
import { attributeGraphs, nodeTensors, plainDomain } from "../../model-tensors.ts";
import { tensorBytes } from "../../tensors.ts";
import { maximumModelBytes } from "./model-file.ts";
import type { Reporter } from "./model-reporter.ts";

/** Functions that call functions multiply; these are more than any network needs. */
const maxNodes = 100_000;
const maxBytes = maximumModelBytes;

/** What a node calls a function by. */
export function calledKey({ domain, opType, overload }: NodeProto): string {
  return `${plainDomain(domain)}:${opType}:${overload}`;
}

/** What a function is called by. */
export function definedKey({ domain, name, overload }: FunctionProto): string {
  return `${plainDomain(domain)}:${name}:${overload}`;
}

/**
 * Puts each function's nodes in the place of its calls, so that all later work sees plain operators.
 * The functions must be free of recursion.
 */
export function inlineFunctions(model: GraphModel, report: Reporter): void {
  if (model.functions.length === 0) return;
  mergeImports(model, report);
  const inliner: Inliner = {
    functions: new Map(model.functions.map((definition) => [definedKey(definition), definition])),
    prefixes: new Set(),
    nodesMade: 0,
    bytesMade: 0,
    report,
  };
  model.graph.node = inlined(model.graph.node, inliner);
  model.functions = [];
}

/** The model must import what its functions' bodies use, in the same versions. */
function mergeImports(model: GraphModel, report: Reporter): void {
  for (const definition of model.functions)
    for (const wanted of definition.opsetImport) {
      const domain = plainDomain(wanted.domain);
      const present = model.opsetImport.find((each) => plainDomain(each.domain) === domain);
      if (!present) model.opsetImport.push(wanted);
      else if (present.version !== wanted.version)
        report.unsupported(
          `function ${definition.name} wants version ${wanted.version} of operator set "${domain}", the model ` +
            `${present.version}; export it with its functions inlined`,
        );
    }
}

interface Inliner {
  readonly functions: ReadonlyMap<string, FunctionProto>;
  /** One for each call; they keep the names of two calls apart. */
  readonly prefixes: Set<string>;
  nodesMade: number;
  /** Of constants in the functions' attributes. */
  bytesMade: number;
  readonly report: Reporter;
}

function inlined(nodes: readonly NodeProto[], inliner: Inliner): NodeProto[] {
  return nodes.flatMap((node) => {
    for (const subgraph of node.attribute.flatMap(attributeGraphs))
      subgraph.node = inlined(subgraph.node, inliner);
    const definition = inliner.functions.get(calledKey(node));
    return definition ? inlined(body(definition, node, inliner), inliner) : node;
  });
}

/** A function's nodes with the call's tensors and attributes in place of its own. */
function body(definition: FunctionProto, call: NodeProto, inliner: Inliner): NodeProto[] {
  countCall(definition, inliner);
  const prefix = freshPrefix(call, inliner);
  const names = new Map([["", ""]]);
  definition.output.forEach((name, position) => {
    if (call.output[position]) names.set(name, call.output[position]);
  });
  definition.input.forEach((name, position) => {
    names.set(name, call.input[position] ?? "");
  });
  const rename = (name: string) => names.get(name) ?? `${prefix}/${name}`;
  const values = attributesOf(definition, call);
  return definition.node.map((node) => instance(node, rename, values, prefix));
}

function countCall({ node }: FunctionProto, inliner: Inliner): void {
  inliner.nodesMade += node.length;
  for (const { tensor } of nodeTensors(node)) inliner.bytesMade += tensorBytes(tensor);
  if (inliner.nodesMade > maxNodes || inliner.bytesMade > maxBytes)
    inliner.report.unsupported(
      `its functions expand to more than ${maxNodes} operators or 2 GB of constants`,
    );
}

function freshPrefix(call: NodeProto, { prefixes }: Inliner): string {
  let prefix = call.name || call.output[0];
  while (prefixes.has(prefix)) prefix += "_";
  prefixes.add(prefix);
  return prefix;
}

/** Values for the body's attribute references: the function's defaults, and over them the call's own. */
function attributesOf(definition: FunctionProto, call: NodeProto): ReadonlyMap<string, AttributeProto> {
  return new Map(
    [...definition.attributeProto, ...call.attribute].map((attribute) => [attribute.name, attribute]),
  );
}

type Rename = (name: string) => string;

function instance(
  original: NodeProto,
  rename: Rename,
  values: ReadonlyMap<string, AttributeProto>,
  prefix: string,
): NodeProto {
  const node = clone(NodeProtoSchema, original);
  adapt(node, rename, values);
  node.name = `${prefix}/${original.name || original.output[0]}`;
  return node;
}

/** Renames a node's tensors and fills in its attribute references, in its subgraphs too. */
function adapt(node: NodeProto, rename: Rename, values: ReadonlyMap<string, AttributeProto>): void {
  node.input = node.input.map(rename);
  node.output = node.output.map(rename);
  node.attribute = node.attribute.flatMap((attribute) => {
    if (!attribute.refAttrName) return attribute;
    const value = values.get(attribute.refAttrName);
    if (!value) return [];
    const filled = clone(AttributeProtoSchema, value);
    filled.name = attribute.name;
    return filled;
  });
  for (const subgraph of node.attribute.flatMap(attributeGraphs)) adaptGraph(subgraph, rename, values);
}

function adaptGraph(graph: GraphProto, rename: Rename, values: ReadonlyMap<string, AttributeProto>): void {
  for (const named of [...graph.input, ...graph.initializer, ...graph.output])
    named.name = rename(named.name);
  graph.valueInfo = [];
  for (const node of graph.node) adapt(node, rename, values);
}
