import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { encodeModel } from "../../codec.ts";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  FunctionProtoSchema,
} from "../../gen/onnx_pb.ts";
import { graph, model, node, opset, value } from "../../graph-builder.ts";
import { openSession, runtimeTensor } from "../../runtime.ts";
import { checkModel } from "./check-model.ts";

/** own.Leak(x) = -LeakyRelu(x, alpha), with alpha 0.5 unless the call says otherwise. */
function leakFunction() {
  const relu = node("LeakyRelu", ["x"], ["inner"]);
  relu.attribute = [
    create(AttributeProtoSchema, {
      name: "alpha",
      refAttrName: "slope",
      type: AttributeProto_AttributeType.FLOAT,
    }),
  ];
  return create(FunctionProtoSchema, {
    name: "Leak",
    domain: "own",
    input: ["x"],
    output: ["y"],
    attributeProto: [{ name: "slope", f: 0.5, type: AttributeProto_AttributeType.FLOAT }],
    node: [relu, node("Neg", ["inner"], ["y"])],
    opsetImport: [opset(13)],
  });
}

test("a model computes the same with its functions inlined", async () => {
  const first = node("Leak", ["image"], ["a"]);
  const second = node("Leak", ["a"], ["b"], { slope: { float: 0.25 } });
  first.domain = second.domain = "own";
  const nodes = [first, second, node("Sub", ["b", "image"], ["scores"])];
  const proto = model(
    graph("g", { nodes, initializers: [] }, [value("image", "float32", [2])], [value("scores", "float32")]),
  );
  proto.opsetImport.push(opset(1, "own"));
  proto.functions.push(leakFunction());

  const run = async () => {
    const session = await openSession(encodeModel(proto), { threads: 1 });
    const { scores } = await session.run({ image: runtimeTensor("float32", Float32Array.of(-8, 3), [2]) });
    return [...(scores.data as Float32Array)];
  };
  const before = await run();
  checkModel(proto, "net.onnx");
  expect(proto.graph.node.map((each) => each.opType)).toEqual([
    "LeakyRelu",
    "Neg",
    "LeakyRelu",
    "Neg",
    "Sub",
  ]);
  expect(await run()).toEqual(before);
  // -8 -> 4 -> -4 less -8, and 3 -> -3 -> 0.75 less 3
  expect(before).toEqual([4, -2.25]);
});
