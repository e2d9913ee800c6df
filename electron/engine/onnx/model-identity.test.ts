import { createHash } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "./codec.ts";
import { StringStringEntryProtoSchema, TensorProto_DataType } from "./gen/onnx_pb.ts";
import { graph, model, node, value } from "./graph-builder.ts";
import type { GraphModel } from "./graph-model.ts";
import { modelIdentity } from "./model-identity.ts";
import { floatTensor, intTensor } from "./tensors.ts";
import { importProto } from "./testing/test-backbone.ts";
import { residualNet } from "./testing/test-graphs.ts";

/** Two kernels and a reshape whose target is a constant; a branch holds the second kernel. */
function small(change: (proto: GraphModel) => void = () => {}): GraphModel {
  const branch = (name: string, output: string) =>
    graph(
      name,
      {
        nodes: [node("Conv", ["relu", `${name}/kernel`], [output], { pads: [1, 1, 1, 1] })],
        initializers: [floatTensor(`${name}/kernel`, [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3])],
      },
      [],
      [value(output, "float32")],
    );
  const nodes = [
    node("Conv", ["image", "kernel"], ["conv"], { pads: [1, 1, 1, 1] }),
    node("Relu", ["conv"], ["relu"]),
    node("If", ["yes"], ["map"], { then_branch: branch("then", "a"), else_branch: branch("else", "b") }),
    node("Reshape", ["map", "shape"], ["flat"]),
  ];
  const initializers = [
    floatTensor("kernel", [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3]),
    intTensor("shape", [-1, 16]),
  ];
  const image = value("image", "float32", ["batch", 1, 4, 4]);
  const proto = model(graph("g", { nodes, initializers }, [image], [value("flat", "float32")]));
  const copy = decodeModel(encodeModel(proto), "small");
  change(copy);
  return copy;
}

const before = modelIdentity(small());
const initializer = (proto: GraphModel, name: string) =>
  proto.graph.initializer.find((tensor) => tensor.name === name)!;

describe("a model's identity", () => {
  test("is the SHA-256 of its bytes, which writing and reading it leaves alone", () => {
    const bytes = encodeModel(small());
    expect(before.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(modelIdentity(decodeModel(bytes, "small"))).toEqual(before);
    expect(before.graphSha256).not.toBe(before.sha256);
  });

  test.each<[string, (proto: GraphModel) => void]>([
    ["a weight", (proto) => initializer(proto, "kernel").rawData.fill(1)],
    ["a weight in a branch", (proto) => proto.graph.node[2].attribute[0].g!.initializer[0].rawData.fill(1)],
    [
      "weights that are stored in another field",
      (proto) => {
        const kernel = initializer(proto, "kernel");
        kernel.floatData = [9, 8, 7, 6, 5, 4, 3, 2, 1];
        kernel.rawData = new Uint8Array();
      },
    ],
    [
      "who made it, its names for itself, and notes",
      (proto) => {
        proto.producerName = "another exporter";
        proto.graph.name = "main";
        proto.graph.node[0].docString = "line 7";
        proto.metadataProps = [create(StringStringEntryProtoSchema, { key: "names", value: "{}" })];
        proto.graph.valueInfo = [value("conv", "float32", [1, 1, 4, 4])];
      },
    ],
  ])("stays the same graph, though another model, with another %s", (_what, change) => {
    const after = modelIdentity(small(change));
    expect(after.graphSha256).toBe(before.graphSha256);
    expect(after.sha256).not.toBe(before.sha256);
  });

  test("is the same graph whichever field holds its shapes", () => {
    const after = modelIdentity(
      small((proto) => {
        const shape = initializer(proto, "shape");
        shape.int64Data = [-1n, 16n];
        shape.rawData = new Uint8Array();
      }),
    );
    expect(after.graphSha256).toBe(before.graphSha256);
  });

  test.each<[string, (proto: GraphModel) => void]>([
    ["another size of its image", (proto) => (proto.graph.input = [value("image", "float32", [1, 1, 8, 8])])],
    ["another shape that it reshapes to", (proto) => (initializer(proto, "shape").rawData[8] = 8)],
    ["weights of another shape", (proto) => (initializer(proto, "kernel").dims = [1n, 1n, 9n, 1n])],
    [
      "weights of another type",
      (proto) => (initializer(proto, "kernel").dataType = TensorProto_DataType.FLOAT16),
    ],
    ["another operator", (proto) => (proto.graph.node[1].opType = "Sigmoid")],
    ["another setting of an operator", (proto) => (proto.graph.node[0].attribute[0].ints = [0n, 0n, 2n, 2n])],
    ["another connection", (proto) => (proto.graph.node[1].input = ["image"])],
    ["another version of its operators", (proto) => (proto.opsetImport[0].version += 1n)],
    [
      "a tensor of another name, for profiles name cut points by it",
      (proto) => {
        proto.graph.node[0].output = ["features"];
        proto.graph.node[1].input = ["features"];
      },
    ],
  ])("is another graph with %s", (_what, change) => {
    expect(modelIdentity(small(change)).graphSha256).not.toBe(before.graphSha256);
  });
});

test("a backbone is who it is after import, of the file that it came from", async () => {
  const proto = residualNet(2);
  proto.producerName = "one";
  const one = await importProto(proto);
  expect(one.summary).toMatchObject(modelIdentity(one.proto));
  expect(one.summary.fileSha256).toBe(createHash("sha256").update(encodeModel(proto)).digest("hex"));
});

test("the same file opened at two sizes is two models and two graphs", async () => {
  const open = residualNet(2);
  open.graph.input = [value("image", "float32", ["batch", 3, "height", "width"])];
  const [small, large, again] = await Promise.all(
    [32, 48, 32].map(async (side) => (await importProto(open, { inputSize: [side, side] })).summary),
  );
  expect(again).toEqual(small);
  for (const key of ["sha256", "graphSha256", "fileSha256"] as const) expect(large[key]).not.toBe(small[key]);
});
