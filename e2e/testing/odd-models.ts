import { create } from "@bufbuild/protobuf";
import {
  type ModelProto,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
} from "../../electron/engine/onnx/gen/onnx_pb.ts";
import { graph, model, node, value } from "../../electron/engine/onnx/graph-builder.ts";
import { floatTensor, intTensor } from "../../electron/engine/onnx/tensors.ts";
import { TestGraph } from "../../electron/engine/onnx/testing/test-graphs.ts";
import { defaultNetwork, smallNetwork } from "./small-network.ts";

/** Boxes and scores of a hundred candidates: a detector, no classifier. */
export function detector(): ModelProto {
  const net = new TestGraph();
  const features = net.convRelu(net.convRelu("image", 3, 8), 8, 8);
  const boxes = net.add("Reshape", [
    net.conv(features, 8, 4),
    net.constant(intTensor("boxShape", [1, 256, 4])),
  ]);
  const scores = net.add("Reshape", [
    net.conv(features, 8, 3),
    net.constant(intTensor("scoreShape", [1, 256, 3])),
  ]);
  return net.model([boxes, scores], { shape: [1, 3, 16, 16] });
}

/** Tokens in, one score per word out. */
export function languageModel(): ModelProto {
  const nodes = [
    node("Gather", ["embedding", "tokens"], ["embedded"]),
    node("MatMul", ["embedded", "projection"], ["logits"]),
  ];
  const initializers = [
    floatTensor("embedding", new Float32Array(50 * 8), [50, 8]),
    floatTensor("projection", new Float32Array(8 * 50), [8, 50]),
  ];
  const tokens = value("tokens", "int64", ["batch", "length"]);
  return model(graph("language", { nodes, initializers }, [tokens], [value("logits", "float32")]));
}

/** Pixels straight into a fully connected layer. */
export function withoutConvolution(): ModelProto {
  const net = new TestGraph();
  const scores = net.add("Gemm", [net.add("Flatten", ["image"]), net.weights([768, 4])]);
  return net.model([scores], { shape: [1, 3, 16, 16] });
}

/** A network whose first weights are to be read from wherever `location` says. */
export function withExternalData(location: string): ModelProto {
  const proto = smallNetwork(
    { ...defaultNetwork, blocks: 2, batch: 1 },
    {
      weights: new Float32Array(32 * 4),
      biases: new Float32Array(4),
    },
  );
  const [tensor] = proto.graph!.initializer;
  tensor.rawData = new Uint8Array();
  tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
  tensor.externalData = [create(StringStringEntryProtoSchema, { key: "location", value: location })];
  return proto;
}

/** Two classifiers on the same features, of four classes and of two; nothing tells which is meant. */
export function twoHeads(): ModelProto {
  const net = new TestGraph();
  const features = net.convRelu(net.convRelu("image", 3, 8), 8, 8);
  const heads = [net.classifier(features, 8, 4), net.classifier(features, 8, 2)];
  return renamed(net.model(heads, { shape: [1, 3, 16, 16] }), heads, ["colour", "shape"]);
}

/** Labels that don't exclude each other. */
export function severalLabels(): ModelProto {
  const net = new TestGraph();
  const features = net.convRelu(net.convRelu("image", 3, 8), 8, 8);
  const scores = net.add("Sigmoid", [net.classifier(features, 8, 4)]);
  return renamed(net.model([scores], { shape: [1, 3, 16, 16] }), [scores], ["tags"]);
}

/** Takes images of any size. */
export function openSize(): ModelProto {
  const net = new TestGraph();
  const features = net.convRelu(net.convRelu("image", 3, 8), 8, 8);
  return net.model([net.classifier(features, 8, 4)], { shape: [1, 3, "height", "width"] });
}

function renamed(proto: ModelProto, from: readonly string[], to: readonly string[]): ModelProto {
  for (const node of proto.graph!.node)
    node.output = node.output.map((name) => to[from.indexOf(name)] ?? name);
  for (const output of proto.graph!.output) output.name = to[from.indexOf(output.name)];
  return proto;
}

/** The small model of four classes as one of two: a single probability that the class is one of the last two. */
export function withOneScore(proto: ModelProto): ModelProto {
  const main = proto.graph!;
  const [logits] = main.output.map(({ name }) => name);
  main.node.push(node("MatMul", [logits, "sides"], ["score"]), node("Sigmoid", ["score"], ["probability"]));
  main.initializer.push(floatTensor("sides", [-1, -1, 1, 1], [4, 1]));
  main.output = [value("probability", "float32", ["batch", 1])];
  return proto;
}

/** What names in a file may hold to forge what a person sees: escape sequences, new lines, text turned around. */
export const forgery =
  "\u001b]0;owned\u0007\u001b[2J\u001b[31m\r\nofframp: done, all good\n\u202egnp\u2066\u009b1A";

/** A network all of whose tensors and operators have such names, and one a name of a hundred thousand letters. */
export function withForgedNames(): ModelProto {
  const proto = smallNetwork(
    { ...defaultNetwork, blocks: 3, channels: 8 },
    { weights: Float32Array.from({ length: 32 }, (_, index) => index / 32), biases: new Float32Array(4) },
  );
  const { node: nodes, initializer, input, output } = proto.graph!;
  const forged = (name: string) => `${forgery}${name === "block2" ? "n".repeat(100_000) : ""}${name}`;
  for (const each of nodes) {
    each.name = forged(each.opType);
    each.input = each.input.map(forged);
    each.output = each.output.map(forged);
  }
  for (const each of [...initializer, ...input, ...output]) each.name = forged(each.name);
  proto.graph!.name = forgery;
  proto.producerName = forgery;
  return proto;
}
