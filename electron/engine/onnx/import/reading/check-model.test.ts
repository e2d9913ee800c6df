import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { AppError } from "../../../../../shared/base/errors.ts";
import { randomInteger, seededRandom } from "../../../../../shared/base/random.ts";
import { decodeModel, encodeModel } from "../../codec.ts";
import { FunctionProtoSchema, SparseTensorProtoSchema } from "../../gen/onnx_pb.ts";
import { graph, model, node, opset, value } from "../../graph-builder.ts";
import type { GraphModel } from "../../graph-model.ts";
import { floatTensor } from "../../tensors.ts";
import { residualNet } from "../../testing/test-graphs.ts";
import { checkModel } from "./check-model.ts";

/** image -> Relu -> a -> Relu -> b */
function twoNodes(): GraphModel {
  const nodes = [node("Relu", ["image"], ["a"]), node("Relu", ["a"], ["b"])];
  const image = value("image", "float32", [1, 3, 4, 4]);
  return model(graph("g", { nodes, initializers: [] }, [image], [value("b", "float32")]));
}

/** A node whose subgraph holds such a node, and so on. */
function nested(depth: number) {
  const inner = depth === 0 ? node("Relu", ["image"], ["r"]) : nested(depth - 1);
  const body = graph("body", { nodes: [inner], initializers: [] }, [], [value(inner.output[0], "float32")]);
  return node("If", ["image"], [`out${depth}`], { then_branch: body, else_branch: body });
}

function functionOf(name: string, ...calls: string[]) {
  const nodes = calls.map((called, position) => {
    const call = node(called, [position === 0 ? "x" : `y${position - 1}`], [`y${position}`]);
    call.domain = "own";
    return call;
  });
  return create(FunctionProtoSchema, {
    name,
    domain: "own",
    input: ["x"],
    output: [`y${calls.length - 1}`],
    node: nodes,
    opsetImport: [opset(13), opset(1, "own")],
  });
}

function calling(name: string, ...functions: ReturnType<typeof functionOf>[]): GraphModel {
  const proto = twoNodes();
  proto.functions = functions;
  proto.opsetImport.push(opset(1, "own"));
  proto.graph.node[0].opType = name;
  proto.graph.node[0].domain = "own";
  return proto;
}

test("a sound network passes unchanged", () => {
  const proto = residualNet(2);
  const before = proto.graph.node.map((each) => each.name);
  checkModel(proto, "net.onnx");
  expect(proto.graph.node.map((each) => each.name)).toEqual(before);
});

test("an operator set and an output that stand there twice, alike in all, count once", () => {
  const proto = twoNodes();
  const { opsetImport, graph: before } = proto;
  proto.opsetImport.push(opset(Number(opsetImport[0].version), "ai.onnx"));
  before!.output.push({ ...before!.output[0] });
  checkModel(proto, "net.onnx");
  expect(proto.opsetImport).toHaveLength(1);
  expect(proto.graph.output).toHaveLength(1);
});

test("nodes in the wrong order are sorted, nameless and namesake nodes named", () => {
  const proto = twoNodes();
  proto.graph.node.reverse();
  proto.graph.node[0].name = proto.graph.node[1].name = "same";
  checkModel(proto, "net.onnx");
  expect(proto.graph.node.map((each) => [each.name, each.output[0]])).toEqual([
    ["same", "a"],
    ["b", "b"],
  ]);
});

type Fault = [name: string, change: (proto: GraphModel) => void, code: string, message: RegExp];

const faults: Fault[] = [
  [
    "an old IR version",
    (p) => {
      p.irVersion = 2n;
    },
    "model-unsupported",
    /IR version is 2, expected 3 to 13/,
  ],
  [
    "a future operator set",
    (p) => {
      p.opsetImport = [opset(99)];
    },
    "model-unsupported",
    /operator set is 99/,
  ],
  [
    "two versions of a set",
    (p) => {
      p.opsetImport.push(opset(12, "ai.onnx"));
    },
    "model-invalid",
    /given twice/,
  ],
  [
    "no operator",
    (p) => {
      p.graph.node[0].opType = "";
    },
    "model-invalid",
    /names no operator/,
  ],
  [
    "a custom operator",
    (p) => {
      p.graph.node[0].domain = "my.ops";
    },
    "model-unsupported",
    /Relu Relu\/a is a custom operator \(domain my.ops\)/,
  ],
  [
    "an internal operator",
    (p) => {
      p.graph.node[0].domain = "com.ms.internal.nhwc";
    },
    "model-unsupported",
    /custom operator/,
  ],
  [
    "a domain not imported",
    (p) => {
      p.graph.node[0].domain = "com.microsoft";
    },
    "model-invalid",
    /isn't imported/,
  ],
  [
    "a cycle",
    (p) => {
      p.graph.node[0].input = ["b"];
    },
    "model-invalid",
    /cycle/,
  ],
  [
    "a dangling input",
    (p) => {
      p.graph.node[1].input = ["ghost"];
    },
    "model-invalid",
    /Relu Relu\/b reads ghost, which nothing makes/,
  ],
  [
    "a name made twice",
    (p) => {
      p.graph.node[1].output = ["a"];
    },
    "model-invalid",
    /makes a, which exists already/,
  ],
  [
    "an output that nothing makes",
    (p) => {
      p.graph.output[0].name = "c";
    },
    "model-invalid",
    /nothing makes the output c/,
  ],
  [
    "two outputs of one name and different types",
    (p) => {
      p.graph.output.push(value("b", "float16"));
    },
    "model-invalid",
    /b is given twice/,
  ],
  [
    "a nameless constant",
    (p) => {
      p.graph.initializer.push(floatTensor("", [1]));
    },
    "model-invalid",
    /no name/,
  ],
  [
    "constants of one name",
    (p) => {
      p.graph.initializer.push(floatTensor("w", [1]), floatTensor("w", [1]));
    },
    "model-invalid",
    /w is given twice/,
  ],
  [
    "a negative dimension",
    (p) => {
      p.graph.initializer.push(floatTensor("w", [1], [-1]));
    },
    "model-invalid",
    /initializer w has dimension -1/,
  ],
  [
    "a negative input dimension",
    (p) => {
      p.graph.input = [value("image", "float32", [1, -3, 4, 4])];
    },
    "model-invalid",
    /image has dimension -3/,
  ],
  [
    "dimensions that multiply to terabytes",
    (p) => {
      p.graph.initializer.push(floatTensor("w", [1], [1e6, 1e6]));
    },
    "model-unsupported",
    /over 2 GB/,
  ],
  [
    "thousands of dimensions",
    (p) => {
      p.graph.initializer.push(floatTensor("w", [1], Array(5000).fill(1)));
    },
    "model-unsupported",
    /5000 dimensions/,
  ],
  [
    "fewer bytes than the shape asks for",
    (p) => {
      p.graph.initializer.push(floatTensor("w", [1, 2, 3], [2, 2]));
    },
    "model-invalid",
    /initializer w of shape \[2, 2\] holds 12 bytes, expected 16/,
  ],
  [
    "a constant without data",
    (p) => {
      p.graph.initializer.push(floatTensor("w", [], [4]));
    },
    "model-invalid",
    /holds 0 values, expected 4/,
  ],
  [
    "an unknown element type",
    (p) => {
      p.graph.initializer.push({ ...floatTensor("w", [1]), dataType: 77 });
    },
    "model-invalid",
    /element type 77/,
  ],
  [
    "a sparse constant",
    (p) => {
      p.graph.sparseInitializer.push(create(SparseTensorProtoSchema, { values: floatTensor("s", [1]) }));
    },
    "model-unsupported",
    /sparse constant s/,
  ],
  [
    "a thousand and one outputs",
    (p) => {
      const names = Array.from({ length: 1000 }, (_, at) => `o${at}`);
      p.graph.node.push(...names.map((name) => node("Relu", ["a"], [name])));
      p.graph.output.push(...names.map((name) => value(name, "float32")));
    },
    "model-unsupported",
    /has 1001 outputs, expected up to 1000/,
  ],
  [
    "a thousand and one inputs",
    (p) => {
      for (let at = 0; at < 1000; at++) p.graph.input.push(value(`i${at}`, "float32", [1]));
    },
    "model-unsupported",
    /has 1001 inputs, expected up to 1000/,
  ],
  [
    "an input of seventeen dimensions",
    (p) => {
      p.graph.input = [value("image", "float32", Array(17).fill(1))];
    },
    "model-unsupported",
    /image has 17 dimensions, expected up to 16/,
  ],
  [
    "branches in branches under a name of a megabyte",
    (p) => {
      const inner = nested(7);
      inner.name = "n".repeat(1e6);
      p.graph.node.push(inner);
    },
    "model-unsupported",
    /branches and loops nest so much that \d+ operators and \d+ MB would have to be looked at/,
  ],
  [
    "subgraphs nested too deep",
    (p) => {
      p.graph.node.push(nested(9));
    },
    "model-unsupported",
    /deeper than 8 levels/,
  ],
];

test.each(faults)("refuses %s", (_, change, code, message) => {
  const proto = twoNodes();
  change(proto);
  expect(() => checkModel(proto, "net.onnx")).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
  expect(() => checkModel(proto, "net.onnx")).toThrow(/^net\.onnx /);
});

test("subgraphs may read the graph around them, and nothing else", () => {
  const sound = twoNodes();
  sound.graph.node.push(nested(3));
  checkModel(sound, "net.onnx");

  const broken = twoNodes();
  const body = graph(
    "body",
    { nodes: [node("Relu", ["ghost"], ["r"])], initializers: [] },
    [],
    [value("r", "float32")],
  );
  broken.graph.node.push(node("If", ["a"], ["o"], { then_branch: body, else_branch: body }));
  expect(() => checkModel(broken, "net.onnx")).toThrow(/Relu Relu\/r reads ghost/);
});

test("constants that old files list among the inputs are no inputs", () => {
  const proto = twoNodes();
  const names = Array.from({ length: 1500 }, (_, at) => `w${at}`);
  proto.graph.initializer.push(...names.map((name) => floatTensor(name, [1])));
  proto.graph.input.push(...names.map((name) => value(name, "float32", [1])));
  checkModel(proto, "net.onnx");
  expect(proto.graph.input).toHaveLength(1501);
});

test("several constants may not take more than 2 GB together", () => {
  const proto = twoNodes();
  const half = { ...floatTensor("w0", []), dims: [300_000_000n], rawData: { length: 1.2e9 } as Uint8Array };
  proto.graph.initializer.push(half, { ...half, name: "w1" });
  expect(() => checkModel(proto, "net.onnx")).toThrow(/constants take 2\.4 GB/);
});

test("functions may call each other, but not themselves, not deeply and not without bound", () => {
  const leaf = functionOf("F0");
  leaf.node = [node("Relu", ["x"], ["y"])];
  leaf.output = ["y"];

  const sound = calling("F1", leaf, functionOf("F1", "F0", "F0"));
  checkModel(sound, "net.onnx");
  expect(sound.graph.node.map((each) => each.opType)).toEqual(["Relu", "Relu", "Relu"]);
  expect(sound.functions).toEqual([]);

  const endless = calling("F1", functionOf("F1", "F2"), functionOf("F2", "F1"));
  expect(() => checkModel(endless, "net.onnx")).toThrow(/function own:F1: calls itself/);

  const chain = Array.from({ length: 70 }, (_, level) => functionOf(`F${level + 1}`, `F${level}`));
  const nested = calling("F12", leaf, ...chain.slice(0, 12));
  checkModel(nested, "net.onnx");
  expect(nested.graph.node.map((each) => each.opType)).toEqual(["Relu", "Relu"]);
  expect(() => checkModel(calling("F70", leaf, ...chain), "net.onnx")).toThrow(
    /function own:F64: calls itself, or functions more than 64 deep/,
  );

  const ten = (level: number) => functionOf(`F${level}`, ...Array(10).fill(`F${level - 1}`));
  const bomb = calling("F6", leaf, ...[1, 2, 3, 4, 5, 6].map(ten));
  expect(() => checkModel(bomb, "net.onnx")).toThrow(/expand to more than 100000 operators/);
});

test("a damaged file is refused in our own words, or still sound", () => {
  const random = seededRandom(3);
  const whole = encodeModel(residualNet(1));
  const outcomes = new Set<string>();
  for (let round = 0; round < 500; round++) {
    const bytes = whole.slice();
    for (let hits = 0; hits < 3; hits++)
      bytes[randomInteger(random, bytes.length)] = randomInteger(random, 256);
    outcomes.add(outcomeOf(() => checkModel(decodeModel(bytes, "net.onnx"), "net.onnx")));
  }
  expect([...outcomes].sort()).toEqual(["model-invalid", "sound"]);
});

function outcomeOf(run: () => void): string {
  try {
    run();
    return "sound";
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}
