import type { GraphIndex } from "./graph-index.ts";
import { tensorNumbers } from "./tensors.ts";

/** The numbers of a constant that stands in the graph as an initializer or as a Constant node; undefined otherwise. */
export function constantNumbers(index: GraphIndex, name: string): number[] | undefined {
  const stored = index.initializers.get(name);
  if (stored) return tensorNumbers(stored);
  const maker = index.nodes[index.producer.get(name) ?? -1];
  if (maker?.opType !== "Constant") return undefined;
  const [attribute] = maker.attribute;
  if (attribute.t) return tensorNumbers(attribute.t);
  if (attribute.name === "value_int") return [Number(attribute.i)];
  return attribute.name === "value_ints" ? attribute.ints.map(Number) : undefined;
}
