import type { GraphProto, ValueInfoProto } from "./gen/onnx_pb.ts";
import { tensorsRead } from "./graph-index.ts";

/** Gives a graph these outputs alone, and takes away the nodes and constants that serve none of them. */
export function pruneGraph(graph: GraphProto, outputs: readonly ValueInfoProto[]): void {
  const needed = new Set(outputs.map(({ name }) => name));
  // Nodes stand in topological order, so whoever reads a tensor comes after its maker.
  const kept = graph.node.toReversed().filter((node) => {
    if (!node.output.some((name) => needed.has(name))) return false;
    for (const name of tensorsRead(node)) needed.add(name);
    return true;
  });
  graph.node = kept.reverse();
  graph.initializer = graph.initializer.filter(({ name }) => needed.has(name));
  graph.output = [...outputs];
}
