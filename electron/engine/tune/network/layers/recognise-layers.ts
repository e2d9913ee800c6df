import type { NodeProto } from "../../../onnx/gen/onnx_pb.ts";
import type { GraphIndex } from "../../../onnx/graph-index.ts";
import { gelu, hardSwish, silu } from "./activations.ts";
import { layerNorm, linear } from "./affine.ts";
import { Makers, type Recognise } from "./match.ts";

/** In the order in which they are looked for. */
const layers: readonly Recognise[] = [silu, hardSwish, gelu, layerNorm, linear];

/**
 * The same operators, with those that are one layer of PyTorch written as one: a person who reads the module knows the layer
 * by its name.
 * @param nodes in an order in which makers stand before readers
 * @param kept tensors that are wanted themselves
 */
export function recogniseLayers(
  nodes: readonly NodeProto[],
  index: GraphIndex,
  kept: ReadonlySet<string>,
): NodeProto[] {
  const graph = new Makers(nodes, index);
  const readers = new Map<string, NodeProto[]>();
  for (const node of nodes)
    for (const tensor of node.input) {
      const known = readers.get(tensor);
      if (known) known.push(node);
      else readers.set(tensor, [node]);
    }
  const within = new Set<NodeProto>();
  const found = [...nodes].reverse().flatMap((last) => {
    if (within.has(last)) return [];
    for (const recognise of layers) {
      const layer = recognise(last, graph);
      if (!layer) continue;
      const all = new Set([last, ...layer.inner]);
      const isOwn = ({ output: [tensor] }: NodeProto) =>
        !kept.has(tensor) && readers.get(tensor)?.every((reader) => all.has(reader));
      if (!layer.inner.every(isOwn)) continue;
      for (const node of layer.inner) within.add(node);
      return [layer.layer];
    }
    return [last];
  });
  return found.reverse();
}
