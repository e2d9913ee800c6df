import { create } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  FunctionProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
} from "../../../electron/engine/onnx/gen/onnx_pb.ts";
import { graph, node, opset, value } from "../../../electron/engine/onnx/graph-builder.ts";
import type { GraphModel } from "../../../electron/engine/onnx/graph-model.ts";
import { boolTensor } from "../../../electron/engine/onnx/tensors.ts";
import { residualNet, TestGraph } from "../../../electron/engine/onnx/testing/test-graphs.ts";
import { visionTransformer } from "../../../electron/engine/onnx/testing/test-transformers.ts";
import { fileEntry } from "../tree.ts";
import type { ModelSubject } from "./model-subject.ts";

/** Sound models to start from; each call makes a new one. */
export const seedModels: readonly (() => ModelSubject)[] = [
  () => alone(residualNet(2)),
  () => alone(residualNet(1, ["batch", 3, 8, 8])),
  () => alone(visionTransformer(1).proto),
  () => alone(branching()),
  () => alone(calling()),
  external,
];

function alone(proto: GraphModel): ModelSubject {
  return { proto, beside: new Map() };
}

/** Convolutions in both branches of an If. */
function branching(): GraphModel {
  const net = new TestGraph();
  const stem = net.convRelu("image", 3, 4);
  const branch = (name: string) => {
    const inner = new TestGraph();
    const output = inner.convRelu(stem, 4, 4);
    for (const tensor of inner.initializers) tensor.name = `${name}/${tensor.name}`;
    for (const each of inner.nodes) {
      each.input = each.input.map((input) =>
        input.startsWith("weights") ? `${name}/${input}` : inside(input),
      );
      each.output = each.output.map(inside);
    }
    function inside(tensor: string): string {
      return tensor === stem ? tensor : `${name}/${tensor}`;
    }
    return graph(name, inner, [], [value(inside(output), "float32")]);
  };
  const chosen = net.add("If", [net.constant(boolTensor("which", true))], {
    then_branch: branch("then"),
    else_branch: branch("else"),
  });
  return net.model([net.classifier(chosen, 4, 5)]);
}

/** Its activation is a function of the model's own, with an attribute that has a default. */
function calling(): GraphModel {
  const net = new TestGraph();
  const leak = (from: string) => {
    const output = net.add("Leak", [from]);
    net.nodes.at(-1)!.domain = "own";
    return output;
  };
  const features = leak(net.conv(leak(net.conv("image", 3, 4)), 4, 4));
  const proto = net.model([net.classifier(features, 4, 5)]);
  const { FLOAT } = AttributeProto_AttributeType;
  const relu = node("LeakyRelu", ["x"], ["y"], { alpha: { float: 0 } });
  Object.assign(relu.attribute[0], { refAttrName: "slope", f: 0 });
  proto.opsetImport.push(opset(1, "own"));
  proto.functions.push(
    create(FunctionProtoSchema, {
      name: "Leak",
      domain: "own",
      input: ["x"],
      output: ["y"],
      attributeProto: [{ name: "slope", f: 0.5, type: FLOAT }],
      node: [relu],
      opsetImport: [opset(13)],
    }),
  );
  return proto;
}

/** Its first weights lie in a file of their own. */
function external(): ModelSubject {
  const proto = residualNet(1);
  const [tensor] = proto.graph.initializer;
  const bytes = tensor.rawData;
  tensor.rawData = new Uint8Array();
  tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
  tensor.externalData = [create(StringStringEntryProtoSchema, { key: "location", value: "weights.bin" })];
  return { proto, beside: new Map([["weights.bin", fileEntry(bytes)]]) };
}
