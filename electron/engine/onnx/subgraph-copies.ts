import { renameFragment } from "./compose.ts";
import type { GraphProto, NodeProto } from "./gen/onnx_pb.ts";
import type { Fragment } from "./graph-builder.ts";
import { attributeGraphs, nestedNodes, nodeTensors } from "./model-tensors.ts";
import { boolTensor, intTensor, tensorBytes } from "./tensors.ts";

/** A subgraph of an If or a Loop as nodes of the graph around it, under names of its own. */
export interface SubgraphCopy extends Fragment {
  /** What the copied nodes' own subgraphs are copied to in turn. */
  readonly inner: readonly (readonly SubgraphCopy[])[];
}

/**
 * What is inside a branch or a loop's body can't be observed while it runs there. Copies in the graph around it can:
 * every branch runs, and a body runs once, on what the loop starts from. Captured tensors keep their names.
 * @returns a copy per subgraph of the node; none for operators that slice their inputs for the body (Scan)
 */
export function subgraphCopies(node: NodeProto): SubgraphCopy[] {
  return copiedGraphs(node).map(({ subgraph, prefix }) => copyOf(subgraph, node, prefix));
}

interface CopiedGraph {
  readonly subgraph: GraphProto;
  /** Of the names in its copy. */
  readonly prefix: string;
}

function copiedGraphs(node: NodeProto): CopiedGraph[] {
  if (node.opType !== "If" && node.opType !== "Loop") return [];
  return node.attribute.flatMap((attribute) =>
    attributeGraphs(attribute).map((subgraph) => ({
      subgraph,
      prefix: `offramp/inside/${node.name || node.output[0]}/${attribute.name}`,
    })),
  );
}

/** What all copies of subgraphs among some nodes take, subgraphs of subgraphs included. */
export interface CopiesSize {
  nodes: number;
  /** Of constants, lists and names. */
  bytes: number;
}

/** Found without making them: what lies in several subgraphs is copied with each. */
export function copiesSize(nodes: Iterable<NodeProto>, prefixLength = 0): CopiesSize {
  const size: CopiesSize = { nodes: 0, bytes: 0 };
  const add = (more: CopiesSize) => {
    size.nodes += more.nodes;
    size.bytes += more.bytes;
  };
  for (const node of nodes)
    for (const { subgraph, prefix } of copiedGraphs(node)) {
      const length = prefixLength + prefix.length + 1;
      add(contentSize(subgraph, length));
      add(copiesSize(subgraph.node, length));
    }
  return size;
}

/** @param prefixLength of what is put before each name */
function contentSize(subgraph: GraphProto, prefixLength: number): CopiesSize {
  const size: CopiesSize = { nodes: 0, bytes: 0 };
  for (const { input, output, attribute } of nestedNodes(subgraph.node)) {
    size.nodes++;
    size.bytes += (1 + input.length + output.length) * prefixLength;
    for (const { ints, floats, strings } of attribute)
      size.bytes += 8 * (ints.length + floats.length + strings.length);
  }
  for (const tensor of subgraph.initializer) size.bytes += prefixLength + tensorBytes(tensor);
  for (const { tensor } of nodeTensors(subgraph.node)) size.bytes += prefixLength + tensorBytes(tensor);
  return size;
}

function copyOf(subgraph: GraphProto, node: NodeProto, prefix: string): SubgraphCopy {
  const own = new Set([
    ...subgraph.initializer.map(({ name }) => name),
    ...subgraph.node.flatMap(({ output }) => output),
  ]);
  const started = new Map<string, string>();
  const start = [intTensor(`${prefix}/iteration`, [0], []), boolTensor(`${prefix}/condition`, true)];
  subgraph.input.forEach(({ name }, at) => {
    started.set(name, start[at]?.name ?? node.input[at]);
  });
  const rename = (name: string) => started.get(name) ?? (own.has(name) ? `${prefix}/${name}` : name);
  const body = { nodes: subgraph.node, initializers: subgraph.initializer };
  const { nodes, initializers } = renameFragment(body, rename);
  const named = nodes.map((each, at) => ({ ...each, name: `${prefix}/${each.name || at}` }));
  return {
    nodes: named,
    initializers: subgraph.input.length > 0 ? [...start, ...initializers] : initializers,
    inner: named.map(subgraphCopies),
  };
}

/** The copies of all subgraphs among some nodes, subgraphs of subgraphs included. */
export function allCopies(nodes: readonly NodeProto[]): SubgraphCopy[] {
  const flat = (copy: SubgraphCopy): SubgraphCopy[] => [copy, ...copy.inner.flat().flatMap(flat)];
  return nodes.flatMap(subgraphCopies).flatMap(flat);
}
