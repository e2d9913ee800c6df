import { clone } from "@bufbuild/protobuf";
import { NodeProtoSchema } from "../../../../electron/engine/onnx/gen/onnx_pb.ts";
import { randomInteger } from "../../../../shared/base/random.ts";
import { manyTimes, pick } from "../../drawing/draw.ts";
import { hostileName } from "../../drawing/hostile-values.ts";
import type { Mutator } from "../../mutator.ts";
import type { ModelSubject } from "../model-subject.ts";

/** Once or many thousand times, under the same names. */
export const duplicateNode: Mutator<ModelSubject> = {
  id: "duplicate-node",
  mutate: ({ proto: { graph } }, random) => {
    const chosen = pick(random, graph.node);
    const copies = Array.from({ length: manyTimes(random, 20_000) }, () => clone(NodeProtoSchema, chosen));
    graph.node = [...graph.node, ...copies];
    return true;
  },
};

export const deleteNode: Mutator<ModelSubject> = {
  id: "delete-node",
  mutate: ({ proto: { graph } }, random) => {
    graph.node.splice(randomInteger(random, graph.node.length), 1);
    return graph.node.length > 0;
  },
};

export const swapNodes: Mutator<ModelSubject> = {
  id: "swap-nodes",
  mutate: ({ proto: { graph } }, random) => {
    const [a, b] = [randomInteger(random, graph.node.length), randomInteger(random, graph.node.length)];
    [graph.node[a], graph.node[b]] = [graph.node[b], graph.node[a]];
    return a !== b;
  },
};

/** Has a node read another tensor, its own or a later one too. */
export const rewire: Mutator<ModelSubject> = {
  id: "rewire",
  mutate: ({ proto: { graph } }, random) => {
    const reader = pick(random, graph.node);
    const tensors = [
      ...graph.node.flatMap(({ output }) => output),
      ...graph.initializer.map(({ name }) => name),
      "",
    ];
    if (reader.input.length === 0) return false;
    reader.input[randomInteger(random, reader.input.length)] = pick(random, tensors);
    return true;
  },
};

const operators = [
  "Identity",
  "Softmax",
  "Dropout",
  "BatchNormalization",
  "Reshape",
  "Shape",
  "NonZero",
  "RandomNormalLike",
  "Split",
  "SequenceAt",
  "StringNormalizer",
  "Optional",
  "Scan",
  "Resize",
  "Einsum",
  "Conv",
  "QuantizeLinear",
  "NoSuchOperator",
];

export const changeOperator: Mutator<ModelSubject> = {
  id: "change-operator",
  mutate: ({ proto: { graph } }, random) => {
    const chosen = pick(random, graph.node);
    if (random() < 0.7) chosen.opType = pick(random, operators);
    else if (random() < 0.5)
      chosen.domain = pick(random, ["ai.onnx.ml", "com.microsoft", "own", hostileName(random)]);
    else chosen.opType = hostileName(random);
    return true;
  },
};

/** Many operators in a row between the image and what read it. */
export const longChain: Mutator<ModelSubject> = {
  id: "long-chain",
  mutate: ({ proto: { graph } }, random) => {
    const [first] = graph.node;
    const from = first.input[0];
    if (!from) return false;
    const chosen = clone(NodeProtoSchema, first);
    const links = Array.from({ length: manyTimes(random, 20_000) }, (_, at) =>
      Object.assign(clone(NodeProtoSchema, chosen), {
        opType: "Identity",
        name: `link${at}`,
        attribute: [],
        input: [at === 0 ? from : `link${at - 1}`],
        output: [`link${at}`],
      }),
    );
    first.input[0] = `link${links.length - 1}`;
    graph.node = [...links, ...graph.node];
    return true;
  },
};
