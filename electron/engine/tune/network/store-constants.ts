import { create } from "@bufbuild/protobuf";
import { encodeModel } from "../../onnx/codec.ts";
import { extract } from "../../onnx/extract.ts";
import { type TensorProto, ValueInfoProtoSchema } from "../../onnx/gen/onnx_pb.ts";
import { graph, model } from "../../onnx/graph-builder.ts";
import { type GraphIndex, indexGraph } from "../../onnx/graph-index.ts";
import type { GraphModel } from "../../onnx/graph-model.ts";
import { openSession } from "../../onnx/runtime.ts";
import { numbersTensor } from "../../onnx/tensors.ts";

/**
 * A graph in which what its operators read, and other nodes compute from constants alone, is stored: weights that an exporter
 * fills by an operator, borders put together from pieces. What follows from the batch stays computed.
 * @returns the graph itself if nothing changes
 */
export async function storeConstants(proto: GraphModel): Promise<GraphModel> {
  const index = indexGraph(proto.graph);
  const names = computedConstants(index);
  if (names.length === 0) return proto;
  const computed = extract(index, [], names);
  // ONNX Runtime infers their types.
  const outputs = names.map((name) => create(ValueInfoProtoSchema, { name }));
  const session = await openSession(encodeModel(model(graph("constants", computed, [], outputs), proto)));
  try {
    const results = await session.run({});
    const stored = names.map((name): TensorProto => {
      const { type, data, dims } = results[name];
      return numbersTensor(name, type, data as ArrayBufferView, dims);
    });
    const dropped = new Set(names);
    return {
      ...proto,
      graph: {
        ...proto.graph,
        node: proto.graph.node.filter(({ output }) => !dropped.has(output[0])),
        initializer: [...proto.graph.initializer, ...stored],
      },
    };
  } finally {
    await session.release();
  }
}

/** What other nodes read, and is computed from constants alone. */
function computedConstants({ nodes, reads, initializers, carriesInput, consumers }: GraphIndex): string[] {
  const constant = new Set<string>(initializers.keys());
  nodes.forEach(({ output }, number) => {
    if (carriesInput[number] || !reads[number].every((name) => constant.has(name))) return;
    for (const name of output) if (name !== "") constant.add(name);
  });
  return nodes.flatMap(({ opType, output }, number) =>
    carriesInput[number] || opType === "Constant"
      ? []
      : output.filter(
          (name) => constant.has(name) && consumers.get(name)?.some((reader) => carriesInput[reader]),
        ),
  );
}
