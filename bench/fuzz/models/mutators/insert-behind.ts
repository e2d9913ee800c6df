import type { GraphProto } from "../../../../electron/engine/onnx/gen/onnx_pb.ts";
import type { Fragment } from "../../../../electron/engine/onnx/graph-builder.ts";
import { type Random, randomInteger } from "../../../../shared/base/random.ts";

/**
 * Puts a fragment between a node's result and what reads it.
 * @param make given the tensor to read, and the name of the one to give
 */
export function insertBehind(
  graph: GraphProto,
  random: Random,
  make: (from: string, to: string) => Fragment,
): boolean {
  const at = randomInteger(random, graph.node.length);
  const [to] = graph.node[at].output;
  if (!to) return false;
  const from = `${to}/before`;
  graph.node[at].output[0] = from;
  const { nodes, initializers } = make(from, to);
  graph.node = [...graph.node.slice(0, at + 1), ...nodes, ...graph.node.slice(at + 1)];
  graph.initializer.push(...initializers);
  return true;
}
