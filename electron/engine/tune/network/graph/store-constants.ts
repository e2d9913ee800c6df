import { create } from "@bufbuild/protobuf";
import { encodeModel } from "../../../onnx/codec.ts";
import { extract } from "../../../onnx/extract.ts";
import { type NodeProto, type TensorProto, ValueInfoProtoSchema } from "../../../onnx/gen/onnx_pb.ts";
import { graph, model } from "../../../onnx/graph-builder.ts";
import { type GraphIndex, indexGraph } from "../../../onnx/graph-index.ts";
import type { GraphModel } from "../../../onnx/graph-model.ts";
import { openSession } from "../../../onnx/runtime.ts";
import { numbersTensor } from "../../../onnx/tensors.ts";
import { storedTensor } from "./stored-tensor.ts";

/** A graph whose constants are stored, and by name those that a node computed before: there is no place to put others. */
export interface StoredGraph {
  readonly proto: GraphModel;
  readonly computed: ReadonlyMap<string, NodeProto>;
}

/**
 * A graph in which what its operators read, and other nodes compute from constants alone, is stored: what an exporter
 * fills by an operator, borders put together from pieces. What follows from the batch stays computed.
 */
export async function storeConstants(proto: GraphModel): Promise<StoredGraph> {
  const index = indexGraph(proto.graph);
  const names = computedConstants(index);
  if (names.length === 0) return { proto, computed: new Map() };
  const nodes = extract(index, [], names);
  // ONNX Runtime infers their types.
  const outputs = names.map((name) => create(ValueInfoProtoSchema, { name }));
  const session = await openSession(encodeModel(model(graph("constants", nodes, [], outputs), proto)));
  try {
    const results = await session.run({});
    const stored = names.map((name): TensorProto => {
      const { type, data, dims } = results[name];
      return numbersTensor(name, type, data as ArrayBufferView, dims);
    });
    const computed = new Map(names.map((name) => [name, index.nodes[index.producer.get(name)!]]));
    return { proto: withStored(proto, stored), computed };
  } finally {
    await session.release();
  }
}

/** The same graph with tensors stored that its nodes computed. */
function withStored(proto: GraphModel, stored: readonly TensorProto[]): GraphModel {
  const { node, initializer } = proto.graph;
  const names = new Set(stored.map(({ name }) => name));
  return {
    ...proto,
    graph: {
      ...proto.graph,
      node: node.flatMap((item) => {
        const left = item.output.filter((name) => name !== "" && !names.has(name));
        if (left.length === 0) return [];
        if (left.length === item.output.length) return [item];
        // Its other results are still computed; those that are stored now get names that nobody reads.
        const output = item.output.map((name) => (names.has(name) ? `${name}/computed` : name));
        return [{ ...item, output }];
      }),
      initializer: [...initializer, ...stored],
    },
  };
}

/** What other nodes read, and is computed from constants alone; what they hand on as it is stored stays. */
function computedConstants(index: GraphIndex): string[] {
  const { nodes, reads, initializers, carriesInput, consumers } = index;
  const constant = new Set<string>(initializers.keys());
  nodes.forEach(({ output }, number) => {
    if (carriesInput[number] || !reads[number].every((name) => constant.has(name))) return;
    for (const name of output) if (name !== "") constant.add(name);
  });
  return nodes.flatMap(({ opType, output }, number) =>
    carriesInput[number] || opType === "Constant"
      ? []
      : output.filter(
          (name) =>
            constant.has(name) &&
            !storedTensor(index, name) &&
            consumers.get(name)?.some((reader) => carriesInput[reader]),
        ),
  );
}
