import { type GraphIndex, isConstant } from "../../graph-index.ts";
import { nestedNodes } from "../../model-tensors.ts";
import type { ObservedTensor } from "../../probe/model-probe-protocol.ts";
import type { TensorTable } from "./costs.ts";

/**
 * Whether a model finds objects: it drops overlapping boxes, or gives boxes, several rows of four. Rows of scores
 * beside them are those of the objects.
 */
export function detectsObjects(index: GraphIndex, tensors: TensorTable, outputs: readonly string[]): boolean {
  const found = outputs.filter((output) => !isConstant(index, output));
  if (found.some((output) => isBoxes(tensors.get(output)?.dims ?? []))) return true;
  for (const node of nestedNodes(index.nodes)) if (node.opType === "NonMaxSuppression") return true;
  return false;
}

/** [1, boxes, 4] or [boxes, 4] */
function isBoxes(dims: readonly number[]): boolean {
  return (dims.length === 2 || dims.length === 3) && dims.at(-1) === 4 && dims.at(-2)! > 1;
}

/** The task that outputs without class scores look like, if any. */
export function taskOf(
  index: GraphIndex,
  tensors: TensorTable,
  outputs: readonly string[],
): string | undefined {
  if (detectsObjects(index, tensors, outputs)) return "object detection";
  const found = outputs.flatMap((output) => tensors.get(output) ?? []);
  if (found.some(isCandidates)) return "object detection";
  return found.some(isMap) ? "segmentation" : undefined;
}

/** What a candidate at least holds: a box, its confidence, and a class. */
const fewestPerCandidate = 6;
/** Fewer are no grid of candidates. */
const fewestCandidates = 64;

/** Float [1, candidates, values] or [1, values, candidates] of a detector that gives all in one, as YOLO. */
function isCandidates({ type, dims }: ObservedTensor): boolean {
  if (dims.length !== 3 || !type.startsWith("float")) return false;
  const [values, count] = dims.slice(1).sort((a, b) => a - b);
  return values >= fewestPerCandidate && count >= fewestCandidates;
}

/** [1, classes, height, width], or labels [1, height, width] */
function isMap({ type, dims }: ObservedTensor): boolean {
  const isRankOfMaps = dims.length === 4 || (dims.length === 3 && !type.startsWith("float"));
  return isRankOfMaps && dims.slice(-2).every((size) => size > 1);
}
