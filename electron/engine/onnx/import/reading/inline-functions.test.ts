import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { encodeModel } from "../../codec.ts";
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type FunctionProto,
  FunctionProtoSchema,
  type NodeProto,
} from "../../gen/onnx_pb.ts";
import { graph, model, node, opset, value } from "../../graph-builder.ts";
import type { GraphModel } from "../../graph-model.ts";
import { openSession, runtimeTensor } from "../../runtime.ts";
import { floatTensor } from "../../tensors.ts";
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

/** A model that calls functions of the domain `own` on its image. */
function calling(names: readonly string[], ...functions: FunctionProto[]): GraphModel {
  const nodes = names.map((name, at) => own(name, ["image"], [`s${at}`]));
  const proto = model(
    graph("g", { nodes, initializers: [] }, [value("image", "float32", [2])], [value("s0", "float32")]),
  );
  proto.opsetImport.push(opset(1, "own"));
  proto.functions.push(...functions);
  return proto;
}

function functionOf(
  name: string,
  body: readonly NodeProto[],
  more: MessageInitShape<typeof FunctionProtoSchema> = {},
): FunctionProto {
  const opsetImport = [opset(13), opset(1, "own")];
  return create(FunctionProtoSchema, {
    name,
    domain: "own",
    input: ["x"],
    output: ["y"],
    node: [...body],
    opsetImport,
    ...more,
  });
}

function own(name: string, inputs: readonly string[], outputs: readonly string[]): NodeProto {
  const call = node(name, inputs, outputs);
  call.domain = "own";
  return call;
}

/** An If whose branches are both the function's attribute `branch`. */
function branching(): NodeProto {
  const branch = node("If", ["x"], ["y"]);
  branch.attribute = ["then_branch", "else_branch"].map((name) =>
    create(AttributeProtoSchema, { name, refAttrName: "branch", type: AttributeProto_AttributeType.GRAPH }),
  );
  return branch;
}

/** A graph that reads nothing, as the value of `branch`. */
function branchOf(...nodes: NodeProto[]) {
  const g = graph("b", { nodes, initializers: [floatTensor("k", [1])] }, [], [value("r", "float32")]);
  return create(AttributeProtoSchema, { name: "branch", g, type: AttributeProto_AttributeType.GRAPH });
}

test("a graph that a call leaves to the function's default comes into each reference", () => {
  const definition = functionOf("Branch", [branching()], {
    attributeProto: [branchOf(node("Neg", ["k"], ["r"]))],
  });
  const proto = calling(["Branch"], definition);
  checkModel(proto, "net.onnx");
  const [{ opType, attribute }] = proto.graph.node;
  expect(opType).toBe("If");
  expect(attribute.map(({ name, g }) => [name, g?.node[0].opType, g?.node[0].input])).toEqual([
    ["then_branch", "Neg", ["Branch/s0/k"]],
    ["else_branch", "Neg", ["Branch/s0/k"]],
  ]);
});

test("a function that calls itself through its default is refused", () => {
  const definition = functionOf("Branch", [branching()], {
    attributeProto: [branchOf(own("Branch", ["k"], ["r"]))],
  });
  expect(() => checkModel(calling(["Branch"], definition), "net.onnx")).toThrow(
    /function own:Branch: calls itself/,
  );
});

test("a default that refers to itself is filled in once", () => {
  const inner = node("If", ["k"], ["r"]);
  inner.attribute = branching().attribute;
  const definition = functionOf("Branch", [branching()], { attributeProto: [branchOf(inner)] });
  const proto = calling(["Branch"], definition);
  checkModel(proto, "net.onnx");
  const [then] = proto.graph.node[0].attribute;
  expect(then.g?.node[0].attribute).toEqual([]);
});

test("copies of what calls and defaults bring are counted before they are made", () => {
  // 40 000 copies of a weight of 8 kB, in functions of a hundred nodes and a few calls.
  const weights = node("Constant", [], ["w"], { value: floatTensor("w", new Float32Array(2000)) });
  const leaf = functionOf("F0", [weights, node("Add", ["x", "w"], ["y"])]);
  const hundred = (level: number) =>
    functionOf(
      `F${level}`,
      Array.from({ length: 100 }, (_, at) =>
        own(`F${level - 1}`, [at === 0 ? "x" : `y${at - 1}`], [at === 99 ? "y" : `y${at}`]),
      ),
    );
  const proto = calling(["F2", "F2", "F2", "F2"], leaf, hundred(1), hundred(2));
  expect(() => checkModel(proto, "net.onnx")).toThrow(
    /functions expand to more than 100000 operators or 128 MB/,
  );

  // Nodes without an end of small nodes in a default's graph.
  const many = Array.from({ length: 2000 }, (_, at) => node("Neg", ["k"], [at === 0 ? "r" : `r${at}`]));
  const branch = functionOf("Branch", [branching()], { attributeProto: [branchOf(...many)] });
  const calls = Array.from({ length: 30 }, () => "Branch");
  expect(() => checkModel(calling(calls, branch), "net.onnx")).toThrow(/more than 100000 operators/);
});

test("five thousand calls of one name have five thousand prefixes", () => {
  const definition = functionOf("F", [node("Neg", ["x"], ["n"]), node("Neg", ["n"], ["y"])]);
  const proto = calling(
    Array.from({ length: 5000 }, () => "F"),
    definition,
  );
  for (const each of proto.graph.node) each.name = "call";
  checkModel(proto, "net.onnx");
  const made = proto.graph.node.map(({ output }) => output[0]);
  expect(made.slice(0, 6)).toEqual(["call/n", "s0", "call_/n", "s1", "call_2/n", "s2"]);
  expect(new Set(made).size).toBe(10_000);
});

test("constants in a default are checked, sparse ones refused", () => {
  const checked = (attribute: AttributeProto) => () =>
    checkModel(
      calling(["F"], functionOf("F", [node("Neg", ["x"], ["y"])], { attributeProto: [attribute] })),
      "net.onnx",
    );
  const short = { ...floatTensor("t", [1]), dims: [2n] };
  expect(checked(create(AttributeProtoSchema, { name: "a", t: short }))).toThrow(
    /attribute a of function F of shape \[2\] holds 4 bytes, expected 8/,
  );
  expect(
    checked(create(AttributeProtoSchema, { name: "a", sparseTensor: { values: floatTensor("s", [1]) } })),
  ).toThrow(/attribute a of function F is a sparse tensor/);
});

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
