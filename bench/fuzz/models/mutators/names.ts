import type { NodeProto } from "../../../../electron/engine/onnx/gen/onnx_pb.ts";
import { manyTimes, pick } from "../../drawing/draw.ts";
import { hostileName } from "../../drawing/hostile-values.ts";
import type { Mutator } from "../../mutator.ts";
import type { ModelSubject } from "../model-subject.ts";

/** A tensor under a hostile name, wherever it is spoken of. */
export const renameTensor: Mutator<ModelSubject> = {
  id: "rename-tensor",
  mutate: ({ proto: { graph } }, random) => {
    const lists = graph.node.flatMap(({ input, output }) => [input, output]);
    const from = pick(random, lists.flat());
    const to = hostileName(random);
    for (const list of lists) for (const [at, name] of list.entries()) if (name === from) list[at] = to;
    for (const named of [...graph.initializer, ...graph.input, ...graph.output])
      if (named.name === from) named.name = to;
    return true;
  },
};

export const renameNode: Mutator<ModelSubject> = {
  id: "rename-node",
  mutate: ({ proto: { graph } }, random) => {
    pick(random, graph.node).name = hostileName(random);
    return true;
  },
};

/** All nodes, and what they give, under one name. */
export const sameNames: Mutator<ModelSubject> = {
  id: "same-names",
  mutate: ({ proto: { graph } }, random) => {
    const name = hostileName(random);
    const rename = (node: NodeProto) => {
      node.name = name;
    };
    graph.node.forEach(rename);
    return true;
  },
};

export const metadata: Mutator<ModelSubject> = {
  id: "metadata",
  mutate: ({ proto }, random) => {
    const key = pick(random, ["names", "classes", "labels", "id2label", "offramp.plan", hostileName(random)]);
    const value = pick(random, [
      hostileName(random),
      "{".repeat(manyTimes(random, 100_000)),
      JSON.stringify(Array.from({ length: 5 }, () => hostileName(random))),
      JSON.stringify({ 0: hostileName(random), 4294967295: "far" }),
      `{0: '${hostileName(random)}', 1: 'b'}`,
    ]);
    const entry = { $typeName: "onnx.StringStringEntryProto", key, value } as const;
    proto.metadataProps.push(...Array.from({ length: manyTimes(random, 10_000) }, () => ({ ...entry })));
    return true;
  },
};

export const hostileProducer: Mutator<ModelSubject> = {
  id: "hostile-producer",
  mutate: ({ proto }, random) => {
    proto.producerName = hostileName(random);
    proto.producerVersion = hostileName(random);
    proto.graph.name = hostileName(random);
    proto.graph.docString = hostileName(random);
    return true;
  },
};
