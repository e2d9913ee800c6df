import type { TensorProto } from "./gen/onnx_pb.ts";
import type { GraphIndex } from "./graph-index.ts";
import { tensorNumbers } from "./tensors.ts";

/** No shape has as many axes, and no operator as many settings. */
const mostNumbers = 64;

/**
 * The numbers of a constant that says a shape, axes or a count, and stands in the graph as an initializer or as a
 * Constant node; undefined for all else.
 */
export function constantNumbers(index: GraphIndex, name: string): number[] | undefined {
  const numbers = storedNumbers(index, name);
  return numbers && numbers.length <= mostNumbers ? numbers : undefined;
}

function storedNumbers(index: GraphIndex, name: string): number[] | undefined {
  const stored = index.initializers.get(name);
  if (stored) return firstNumbers(stored);
  const maker = index.nodes[index.producer.get(name) ?? -1];
  const attribute = maker?.opType === "Constant" ? maker.attribute[0] : undefined;
  if (attribute?.t) return firstNumbers(attribute.t);
  if (attribute?.name === "value_int") return [Number(attribute.i)];
  return attribute?.name === "value_ints" ? attribute.ints.slice(0, mostNumbers + 1).map(Number) : undefined;
}

function firstNumbers(tensor: TensorProto): number[] {
  return [...tensorNumbers(tensor, mostNumbers + 1)];
}
