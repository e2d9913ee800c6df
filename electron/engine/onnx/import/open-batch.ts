import { constantNumbers } from "../constant-values.ts";
import type { GraphProto } from "../gen/onnx_pb.ts";
import { indexGraph } from "../graph-index.ts";
import { intTensor } from "../tensors.ts";

/**
 * Opens the batch of a graph that was exported for a fixed number of images: where it is reshaped to that number along
 * the first axis, to whatever comes instead. Whether that was all that stood in the way is for the probe to find out.
 */
export function openBatch(graph: GraphProto, batch: number): void {
  const index = indexGraph(graph);
  for (const node of graph.node) {
    if (node.opType !== "Reshape") continue;
    const shape = constantNumbers(index, node.input[1]);
    if (shape?.[0] !== batch) continue;
    const name = `${node.output[0]}/open-shape`;
    // Only one -1 may stand in a shape; 0 takes over what the first axis was.
    const first = shape.includes(-1) ? 0 : -1;
    graph.initializer.push(intTensor(name, [first, ...shape.slice(1)]));
    node.input[1] = name;
  }
  for (const { type } of graph.output)
    if (type?.value.case === "tensorType") type.value.value.shape = undefined;
}
