import { renameFragment } from "./compose.ts";
import type { GraphProto, NodeProto } from "./gen/onnx_pb.ts";
import type { Fragment } from "./graph-builder.ts";
import { attributeGraphs } from "./model-tensors.ts";
import { boolTensor, intTensor } from "./tensors.ts";

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
  if (node.opType !== "If" && node.opType !== "Loop") return [];
  return node.attribute.flatMap((attribute) =>
    attributeGraphs(attribute).map((subgraph) =>
      copyOf(subgraph, node, `offramp/inside/${node.name || node.output[0]}/${attribute.name}`),
    ),
  );
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
