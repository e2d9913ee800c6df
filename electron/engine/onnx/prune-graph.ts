import type { GraphProto } from "./gen/onnx_pb.ts";
import { tensorsRead } from "./graph-index.ts";

/** Drops the nodes and constants that no output needs. Nodes must be in topological order. */
export function pruneGraph(graph: GraphProto): void {
  const needed = new Set(graph.output.map(({ name }) => name));
  graph.node = graph.node
    .toReversed()
    .filter((node) => {
      if (!node.output.some((name) => needed.has(name))) return false;
      for (const name of tensorsRead(node)) needed.add(name);
      return true;
    })
    .reverse();
  graph.initializer = graph.initializer.filter(({ name }) => needed.has(name));
}
